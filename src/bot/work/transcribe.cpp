// A measured recording becomes a transcript: piece by piece, each finished piece kept, so that a killed worker repeats none.
// The charge, the transcript and its delivery are one transaction at the end.
// A piece that cannot be had after its retries is left out, named and not charged (T7); where pieces fail in a row the engine is
// down, and the whole job is tried again later from its kept pieces.
#include <boost/json.hpp>

#include "ai/language_gate.hpp"
#include "ai/seam.hpp"
#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/progress.hpp"
#include "bot/work/segment_stream.hpp"
#include "bot/work/transcription.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto segment_patience = 10min;  // the queue of the CPU pool may be before it
constexpr int piece_tries = 3;
constexpr int telling_tokens = 4;  // of a piece whose language is believed
constexpr std::size_t most_lost_in_a_row = 2;

struct Heard {
    std::vector<KeptPiece> pieces;
    std::expected<Millis, media::DecodeFailure> ending = Millis(0);
    ai::Hearing hearing = ai::Hearing::heard;
};

// One try; nothing where another may succeed.
Task<std::optional<std::expected<ai::Piece, ai::SpeechError>>> attempt(ai::SpeechEngine& engine, const ai::Segment& segment,
                                                                       const std::string& language) {
    try {
        co_return co_await engine.transcribe(segment, {.language = language}, Deadline::after(segment_patience));
    } catch (const Unavailable& e) {
        log(Level::warn, "bot", "a piece was not heard", {{"piece", segment.index}, {"engine", engine.name()}, {"error", e.what()}});
        co_return std::nullopt;
    }
}

KeptPiece heard_piece(ai::Piece piece, const ai::SpeechEngine& engine, const ai::Segment& segment) {
    piece.overlap = ai::speech_time(segment.overlap);
    return {.piece = std::move(piece), .engine = std::string(engine.name())};
}

// Lost where the engine refuses it or fails each time. Throws Unavailable where it takes nothing at all.
Task<KeptPiece> hear(ai::SpeechEngine& engine, const ai::Segment& segment, const std::string& language) {
    Backoff backoff(500ms, 2s);
    for (int left = piece_tries; left > 0; --left) {
        auto piece = co_await attempt(engine, segment, language);
        if (piece && *piece) co_return heard_piece(std::move(**piece), engine, segment);
        if (piece && piece->error() == ai::SpeechError::unusable) throw Unavailable("the engine takes nothing until its operator acts");
        if (piece) {
            log(Level::warn, "bot", "the engine refused a piece", {{"piece", segment.index}, {"engine", engine.name()}});
            break;
        }
        if (left > 1) co_await pause(backoff.next());
    }
    co_return KeptPiece{.piece = {.index = segment.index, .begin = ai::speech_time(segment.begin), .end = ai::speech_time(segment.end())},
                        .lost = true};
}

// One engine's hearing of a recording, from what earlier runs of this course kept.
class Listening {
public:
    Listening(const Transcription& run, ai::SpeechEngine& engine, int course, const std::map<int, std::string>& kept)
        : run_(run), engine_(engine), course_(course), kept_(kept), language_(run.language), progress_(run) {}

    Task<Heard> to(SegmentStream& segments) {
        while (const auto segment = co_await segments.next()) {
            co_await take(*segment);
            if (engine_.invents() && gate_.so_far() == ai::Hearing::not_heard) {
                heard_.hearing = ai::Hearing::not_heard;
                co_return std::move(heard_);
            }
        }
        if (!lost_.empty() && heard_.pieces.empty()) throw Unavailable("the speech engine hears nothing");
        co_await keep_lost();
        heard_.ending = segments.ending();
        if (engine_.invents()) heard_.hearing = gate_.at_end();
        co_return std::move(heard_);
    }

private:
    Task<void> take(const ai::Segment& segment) {
        const int index = course_ * course_stride + static_cast<int>(segment.index);
        if (const auto at = kept_.find(index); at != kept_.end()) co_return add(piece_from(index, at->second));
        KeptPiece piece = co_await hear(engine_, segment, language_);
        if (piece.lost) {
            lost_.push_back(std::move(piece));
            if (lost_.size() > most_lost_in_a_row) throw Unavailable("the speech engine fails piece after piece");
            co_return;
        }
        co_await keep_lost();
        co_await run_.job.keep_piece(index, to_json(piece));
        add(std::move(piece));
        co_await progress_.show(heard_.pieces, engine_.longest_segment(), trusted() ? std::string_view(text_) : "");
    }
    // Whether what was heard so far is what was said.
    bool trusted() const { return !engine_.invents() || gate_.at_end() == ai::Hearing::heard; }
    // Only now is it known that the engine lives and the loss is theirs alone.
    Task<void> keep_lost() {
        for (KeptPiece& piece : std::exchange(lost_, {})) {
            co_await run_.job.keep_piece(course_ * course_stride + static_cast<int>(piece.piece.index), to_json(piece));
            add(std::move(piece));
        }
    }
    void add(KeptPiece piece) {
        if (!piece.lost) {
            gate_.add(piece.piece);
            tell(piece.piece);
        }
        // Found once, it is the recording's: the rest is not heard in another by chance.
        if (language_.empty() && piece.piece.tokens >= telling_tokens) language_ = piece.piece.language;
        heard_.pieces.push_back(std::move(piece));
    }

    void tell(const ai::Piece& piece) {
        if (piece.text.empty()) return;
        if (piece.overlap > Millis(0))
            text_ = ai::joined(text_, piece.text);
        else
            text_ += (text_.empty() ? "" : "\n") + piece.text;
    }

    const Transcription& run_;
    ai::SpeechEngine& engine_;
    const int course_;
    const std::map<int, std::string>& kept_;
    std::string language_;
    std::vector<KeptPiece> lost_;  // since the last that was heard
    std::string text_;             // of all pieces so far
    Heard heard_;
    ai::LanguageGate gate_;
    Progress progress_;
};

// Which engine goes on, and which course of the job that is: where an earlier run was, else from the first.
struct Stand {
    std::size_t engine = 0;
    int course = 0;
};
Stand stand_of(const std::vector<ai::SpeechEngine*>& engines, const std::map<int, std::string>& kept) {
    if (kept.empty()) return {};
    const auto& [index, text] = *kept.rbegin();
    const int course = index / course_stride;
    const auto at =
        std::ranges::find(engines, piece_from(index, text).engine, [](const ai::SpeechEngine* engine) { return std::string(engine->name()); });
    if (at == engines.end()) return {0, course + 1};
    return {static_cast<std::size_t>(at - engines.begin()), course};
}

Task<Heard> listen_with(const Transcription& run, ai::SpeechEngine& engine, int course, const std::map<int, std::string>& kept,
                        const std::filesystem::path& file) {
    const Workshop& shop = run.shop;
    const media::DecodeLimits bounds{
        .max_duration = std::chrono::minutes(run.context().limits.recording_minutes) + 1min, .wall = 6h, .cpu_seconds = 7200};
    SegmentStream segments(co_await asio::this_coro::executor, shop.decoder, *shop.voice, file, bounds, ai::packing_for(engine));
    Listening listening(run, engine, course, kept);
    co_return co_await listening.to(segments);
}

// The engines in their order: the next where one fails, or hears that the language is none of its own.
Task<Heard> listen(const Transcription& run, const std::filesystem::path& file) {
    const auto engines = run.shop.speech.choose(run.language);
    const auto kept = co_await run.job.pieces();
    for (Stand stand = stand_of(engines, kept);; ++stand.engine, ++stand.course) {
        const bool last = stand.engine + 1 == engines.size();
        ai::SpeechEngine& engine = *engines[stand.engine];
        try {
            Heard heard = co_await listen_with(run, engine, stand.course, kept, file);
            if (last || heard.hearing != ai::Hearing::not_heard) co_return heard;
            log(Level::info, "bot", "another engine may hear the language", {{"engine", engine.name()}});
        } catch (const Unavailable& e) {
            if (last || run.job.cancelled()) throw;
            log(Level::warn, "bot", "a speech engine fails, the next one goes on", {{"engine", engine.name()}, {"error", e.what()}});
        }
    }
}

// Free of charge: the hold is voided with the last word.
jobs::Ending refuse(const Transcription& run, Text text, Args args = {}) {
    const auto desk = run.desk();
    wallet::void_hold(desk->work(), *run.job.operation(), name(text));
    desk->apply({Redraw{.text = run.context().say(text, args), .keyboard = {}, .handle = run.live(), .message = {}}});
    return jobs::Done(finish(run.shop, desk));
}

std::optional<Uuid> recording_of(const jobs::Running& job) {
    const auto* args = job.args().if_object();
    const auto* recording = args ? args->if_contains("recording") : nullptr;
    return recording && recording->is_string() ? uncompact(recording->get_string()) : std::nullopt;
}

// As it was ordered: "ru"; empty: to be found.
std::string wanted_language(const jobs::Running& job) {
    const auto* args = job.args().if_object();
    const auto* language = args ? args->if_contains("language") : nullptr;
    return language && language->is_string() ? std::string(language->get_string()) : std::string();
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto id = recording_of(job);
    if (!client || !id || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const auto recording = co_await transcripts::recording(shop.pool, job.user(), *id, Deadline::after(patience));
    Transcription run{shop, job, std::move(*client), *id, recording.value_or(transcripts::Recording{})};
    if (!recording) co_return refuse(run, Text::recording_gone);
    run.language = wanted_language(job);
    if (shop.speech.choose(run.language).empty()) co_return refuse(run, Text::language_not_heard, {{"languages", run.context().languages()}});

    const Scratch file(shop.scratch);
    co_await shop.blobs.read_to(storage::BlobName(recording->blob), job.key(), file.path());
    Heard heard = co_await listen(run, file.path());
    if (heard.hearing == ai::Hearing::not_heard) co_return refuse(run, Text::language_not_heard, {{"languages", run.context().languages()}});
    const bool broke = !heard.ending && heard.ending.error().error != media::DecodeError::truncated;
    if (broke) {
        log(Level::warn, "bot", "a recording was not decoded",
            {{"error", media::name(heard.ending.error().error)}, {"detail", heard.ending.error().detail}});
        co_return jobs::Again{2s, std::string(media::name(heard.ending.error().error))};
    }
    if (heard.hearing == ai::Hearing::no_speech || !anything_heard(heard.pieces)) co_return refuse(run, Text::no_speech);
    co_return jobs::Done(co_await deliver(run, whole_result(std::move(heard.pieces), recording->duration, !heard.ending)));
}

// Whether what was heard may be shown: an engine that invents must have passed the gate.
bool may_be_shown(const ai::SpeechSet& speech, const std::vector<KeptPiece>& pieces) {
    const auto heard = std::ranges::find_if(pieces, [](const KeptPiece& kept) { return !kept.engine.empty(); });
    const ai::SpeechEngine* engine = heard == pieces.end() ? nullptr : speech.by_name(heard->engine);
    ai::LanguageGate gate;
    for (const KeptPiece& kept : pieces)
        if (!kept.lost) gate.add(kept.piece);
    return anything_heard(pieces) && ((engine && !engine->invents()) || gate.at_end() == ai::Hearing::heard);
}

// What was done before the end was asked for, or before the tries came to an end, is delivered and charged for.
Task<std::optional<jobs::Final>> deliver_what_there_is(Workshop& shop, jobs::Running& job) {
    const auto id = recording_of(job);
    if (!id || !job.operation()) co_return std::nullopt;
    auto pieces = co_await kept_pieces(job);
    if (!may_be_shown(shop.speech, pieces)) co_return std::nullopt;
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    auto recording = co_await transcripts::recording(shop.pool, job.user(), *id, Deadline::after(patience));
    if (!client || !recording) co_return std::nullopt;
    const Transcription run{shop, job, std::move(*client), *id, std::move(*recording)};
    co_return co_await deliver(run, partial_result(std::move(pieces)));
}

Task<jobs::Final> give_up_transcription(Workshop& shop, jobs::Running& job, jobs::Failure why) {
    if (why == jobs::Failure::cancelled || why == jobs::Failure::exhausted)
        if (auto last = co_await deliver_what_there_is(shop, job)) co_return std::move(*last);
    const auto id = recording_of(job);
    co_return co_await give_up(shop, job, why, Text::recording_failed, live_message(id.value_or(job.id().value)), false);
}

}  // namespace

jobs::Handler transcribe_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job, jobs::Failure why) { return give_up_transcription(shop, job, why); },
            .parallel = 0};
}

}  // namespace persona::bot

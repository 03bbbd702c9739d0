// A measured recording becomes a transcript: piece by piece, each finished piece kept, so that a killed worker repeats none.
// The charge, the transcript and its delivery are one transaction at the end.
// A piece that cannot be had after its retries is left out, named and not charged (T7); where pieces fail in a row the engine is
// down, and the whole job is tried again later from its kept pieces.
#include <boost/json.hpp>

#include "ai/language_gate.hpp"
#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/draft.hpp"
#include "bot/work/segment_stream.hpp"
#include "bot/work/transcription.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto segment_patience = 10min;  // the queue of the CPU pool may be before it
constexpr auto between_edits = 3s;        // Telegram throttles faster edits of one chat
constexpr int piece_tries = 3;
constexpr std::size_t most_lost_in_a_row = 2;

// The live message, at most every few seconds; a lost edit is only a lost edit.
class Progress {
public:
    Progress(const Transcription& run)
        : run_(run), draft_(run.shop.api, run.client.recipient.chat, run.recording_id), started_(std::chrono::steady_clock::now()) {}

    // so_far: what may be shown of the text; empty where it is not yet known to be what was said.
    Task<void> show(const ai::Piece& piece, std::string_view so_far) {
        const auto now = std::chrono::steady_clock::now();
        const Millis total = run_.recording.duration;
        run_.job.progress(piece.end.count(), total.count());
        if (now - told_ < between_edits || piece.end.count() == 0) co_return;
        told_ = now;
        if (first_end_ == Millis(0)) first_end_ = piece.begin;
        const double pace =
            std::chrono::duration<double>(now - started_).count() / std::max<double>(1, static_cast<double>((piece.end - first_end_).count()));
        const Millis left(static_cast<std::int64_t>(pace * static_cast<double>((total - piece.end).count()) * 1000));
        const Context& c = run_.context();
        const std::int64_t pieces = std::max<std::int64_t>(total.count() / 20'000 + 1, static_cast<std::int64_t>(piece.index) + 1);
        const auto desk = run_.desk();
        desk->apply({Redraw{.text = c.say(Text::recording_progress, {{"i", static_cast<std::int64_t>(piece.index) + 1},
                                                                     {"n", pieces},
                                                                     {"done", length_text(piece.end)},
                                                                     {"length", length_text(total)},
                                                                     {"left", length_text(std::max(left, Millis(1000)))}}),
                            .keyboard = stop_keyboard(run_.recording_id, c.language),
                            .handle = run_.live(),
                            .message = {}}});
        try {
            if (const auto done = co_await run_.shop.pool.commit(desk->take_work(), Deadline::after(patience))) desk->committed(*done);
        } catch (const Unavailable&) {}
        if (!so_far.empty()) co_await draft_.show(so_far);
    }

private:
    const Transcription& run_;
    Draft draft_;
    std::chrono::steady_clock::time_point started_, told_{};
    Millis first_end_{0};
};

struct Heard {
    std::vector<KeptPiece> pieces;
    std::expected<Millis, media::DecodeFailure> ending = Millis(0);
    ai::Hearing hearing = ai::Hearing::heard;
};

KeptPiece lost_piece(const ai::Segment& segment) {
    return {.piece = {.index = segment.index, .begin = ai::speech_time(segment.begin), .end = ai::speech_time(segment.end())}, .lost = true};
}

// Lost where the engine refuses it or fails each time.
Task<KeptPiece> hear(Workshop& shop, const ai::Segment& segment) {
    Backoff backoff(500ms, 2s);
    for (int left = piece_tries; left > 0; --left) {
        try {
            auto piece = co_await shop.speech->transcribe(segment, {}, Deadline::after(segment_patience));
            if (piece) co_return KeptPiece{std::move(*piece)};
            log(Level::warn, "bot", "the engine refused a piece", {{"piece", segment.index}});
            break;
        } catch (const Unavailable& e) { log(Level::warn, "bot", "a piece was not heard", {{"piece", segment.index}, {"error", e.what()}}); }
        if (left > 1) co_await pause(backoff.next());
    }
    co_return lost_piece(segment);
}

// One listening of a recording, from what earlier runs kept.
class Listening {
public:
    Listening(const Transcription& run, std::map<int, std::string> kept) : run_(run), kept_(std::move(kept)), progress_(run) {}

    Task<Heard> to(SegmentStream& segments) {
        while (const auto segment = co_await segments.next()) {
            co_await take(*segment);
            if (run_.shop.speech->invents() && gate_.so_far() == ai::Hearing::not_heard) {
                heard_.hearing = ai::Hearing::not_heard;
                co_return std::move(heard_);
            }
        }
        if (!lost_.empty() && heard_.pieces.empty()) throw Unavailable("the speech engine hears nothing");
        co_await keep_lost();
        heard_.ending = segments.ending();
        if (run_.shop.speech->invents()) heard_.hearing = gate_.at_end();
        co_return std::move(heard_);
    }

private:
    Task<void> take(const ai::Segment& segment) {
        const int index = static_cast<int>(segment.index);
        if (const auto at = kept_.find(index); at != kept_.end()) co_return add(piece_from(index, at->second));
        KeptPiece piece = co_await hear(run_.shop, segment);
        if (piece.lost) {
            lost_.push_back(std::move(piece));
            if (lost_.size() > most_lost_in_a_row) throw Unavailable("the speech engine fails piece after piece");
            co_return;
        }
        co_await keep_lost();
        co_await run_.job.keep_piece(index, to_json(piece));
        add(std::move(piece));
        co_await progress_.show(heard_.pieces.back().piece, trusted() ? std::string_view(text_) : "");
    }
    // Whether what was heard so far is what was said.
    bool trusted() const { return !run_.shop.speech->invents() || gate_.at_end() == ai::Hearing::heard; }
    // Only now is it known that the engine lives and the loss is theirs alone.
    Task<void> keep_lost() {
        for (KeptPiece& piece : std::exchange(lost_, {})) {
            co_await run_.job.keep_piece(static_cast<int>(piece.piece.index), to_json(piece));
            add(std::move(piece));
        }
    }
    void add(KeptPiece piece) {
        if (!piece.lost) {
            gate_.add(piece.piece);
            if (!piece.piece.text.empty()) text_ += (text_.empty() ? "" : "\n") + piece.piece.text;
        }
        heard_.pieces.push_back(std::move(piece));
    }

    const Transcription& run_;
    const std::map<int, std::string> kept_;
    std::vector<KeptPiece> lost_;  // since the last that was heard
    std::string text_;             // of all pieces so far
    Heard heard_;
    ai::LanguageGate gate_;
    Progress progress_;
};

Task<Heard> listen(const Transcription& run, const std::filesystem::path& file) {
    Workshop& shop = run.shop;
    Listening listening(run, co_await run.job.pieces());
    const media::DecodeLimits bounds{
        .max_duration = std::chrono::minutes(run.context().limits.recording_minutes) + 1min, .wall = 6h, .cpu_seconds = 7200};
    SegmentStream segments(co_await asio::this_coro::executor, shop.decoder, *shop.voice, file, bounds, ai::packing_for(*shop.speech));
    co_return co_await listening.to(segments);
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

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto id = recording_of(job);
    if (!client || !id || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const auto recording = co_await transcripts::recording(shop.pool, job.user(), *id, Deadline::after(patience));
    const Transcription run{shop, job, std::move(*client), *id, recording.value_or(transcripts::Recording{})};
    if (!recording) co_return refuse(run, Text::recording_gone);
    if (!shop.speech) co_return refuse(run, Text::language_not_heard, {{"languages", run.context().languages()}});

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
bool may_be_shown(const ai::SpeechEngine& speech, const std::vector<KeptPiece>& pieces) {
    ai::LanguageGate gate;
    for (const KeptPiece& kept : pieces)
        if (!kept.lost) gate.add(kept.piece);
    return anything_heard(pieces) && (!speech.invents() || gate.at_end() == ai::Hearing::heard);
}

// What was done before the end was asked for, or before the tries came to an end, is delivered and charged for.
Task<std::optional<jobs::Final>> deliver_what_there_is(Workshop& shop, jobs::Running& job) {
    const auto id = recording_of(job);
    if (!id || !shop.speech || !job.operation()) co_return std::nullopt;
    auto pieces = co_await kept_pieces(job);
    if (!may_be_shown(*shop.speech, pieces)) co_return std::nullopt;
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

// A measured recording becomes a transcript: piece by piece, each finished piece kept, so that a killed worker repeats none.
// The charge, the transcript and its delivery are one transaction at the end.
#include <boost/json.hpp>

#include "ai/language_gate.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/segment_stream.hpp"
#include "bot/work/workshop.hpp"
#include "media/text_split.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

namespace json = boost::json;

constexpr auto patience = 10s;
constexpr auto file_lives = std::chrono::hours(24 * 30);
constexpr auto between_edits = 3s;           // Telegram throttles faster edits of one chat
constexpr std::size_t short_units = 1500;    // a transcript up to this comes as chat text too

struct Run {
    Workshop& shop;
    jobs::Running& job;
    Client client;
    Uuid recording_id;
    transcripts::Recording recording;

    const Context& context() const { return client.context; }
    std::string live() const { return live_message(recording_id); }
    std::shared_ptr<Desk> desk() const { return std::make_shared<Desk>(shop.outbox, client.recipient); }
};

std::string to_json(const ai::Piece& piece) {
    return json::serialize(json::object{{"begin", piece.begin.count()}, {"end", piece.end.count()}, {"text", piece.text}, {"logp", piece.log_probability},
                                        {"tokens", piece.tokens}, {"looped", piece.looped}});
}

ai::Piece piece_from(int index, const std::string& text) {
    const json::object stored = json::parse(text).as_object();
    return {.index = static_cast<std::size_t>(index),
            .begin = Millis(stored.at("begin").to_number<std::int64_t>()),
            .end = Millis(stored.at("end").to_number<std::int64_t>()),
            .text = std::string(stored.at("text").as_string()),
            .log_probability = stored.at("logp").to_number<double>(),
            .tokens = stored.at("tokens").to_number<int>(),
            .looped = stored.at("looped").as_bool()};
}

// The live message, at most every few seconds; a lost edit is only a lost edit.
class Progress {
public:
    Progress(const Run& run) : run_(run), started_(std::chrono::steady_clock::now()) {}

    Task<void> show(const ai::Piece& piece) {
        const auto now = std::chrono::steady_clock::now();
        const Millis total = run_.recording.duration;
        run_.job.progress(piece.end.count(), total.count());
        if (now - told_ < between_edits || piece.end.count() == 0) co_return;
        told_ = now;
        if (first_end_ == Millis(0)) first_end_ = piece.begin;
        const double pace = std::chrono::duration<double>(now - started_).count() / std::max<double>(1, static_cast<double>((piece.end - first_end_).count()));
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
        } catch (const Unavailable&) {
        }
    }

private:
    const Run& run_;
    std::chrono::steady_clock::time_point started_, told_{};
    Millis first_end_{0};
};

struct Heard {
    std::vector<ai::Piece> pieces;
    std::expected<Millis, media::DecodeFailure> ending = Millis(0);
    ai::Hearing hearing = ai::Hearing::heard;
};

Task<Heard> listen(const Run& run, const std::filesystem::path& file) {
    Workshop& shop = run.shop;
    Heard heard;
    ai::LanguageGate gate;
    Progress progress(run);
    const auto kept = co_await run.job.pieces();
    const media::DecodeLimits bounds{.max_duration = std::chrono::minutes(run.context().limits.recording_minutes) + 1min, .wall = 6h, .cpu_seconds = 7200};
    SegmentStream segments(co_await asio::this_coro::executor, shop.decoder, *shop.voice, file, bounds);
    while (const auto segment = co_await segments.next()) {
        const int index = static_cast<int>(segment->index);
        if (const auto at = kept.find(index); at != kept.end()) {
            heard.pieces.push_back(piece_from(index, at->second));
        } else {
            auto piece = co_await shop.cpu.run([&] { return shop.speech->transcribe(*segment, {}); });
            if (!piece) throw Unavailable("the engine did not take a segment");
            co_await run.job.keep_piece(index, to_json(*piece));
            heard.pieces.push_back(std::move(*piece));
        }
        gate.add(heard.pieces.back());
        if (shop.speech->invents() && gate.so_far() == ai::Hearing::not_heard) {
            heard.hearing = ai::Hearing::not_heard;
            co_return heard;
        }
        co_await progress.show(heard.pieces.back());
    }
    heard.ending = segments.ending();
    if (shop.speech->invents()) heard.hearing = gate.at_end();
    co_return heard;
}

std::vector<transcripts::Line> lines_of(const std::vector<ai::Piece>& pieces) {
    std::vector<transcripts::Line> out;
    for (const ai::Piece& piece : pieces)
        if (!piece.text.empty()) out.push_back({piece.begin, piece.end, piece.text});
    return out;
}

// "[0:20] text" a line for recordings with more than one piece.
std::string file_text(const transcripts::Transcript& transcript) {
    if (transcript.lines.size() == 1) return transcript.lines.front().text + "\n";
    std::string out;
    for (const auto& line : transcript.lines) out += "[" + length_text(line.start) + "] " + line.text + "\n";
    return out;
}

// Free of charge: the hold is voided with the last word.
jobs::Ending refuse(const Run& run, Text text, Args args = {}) {
    const auto desk = run.desk();
    wallet::void_hold(desk->work(), *run.job.operation(), name(text));
    desk->apply({Redraw{.text = run.context().say(text, args), .keyboard = {}, .handle = run.live(), .message = {}}});
    return jobs::Done(finish(run.shop, desk));
}

void deliver(const Run& run, Desk& desk, const transcripts::Transcript& transcript, const std::string& file_name, const std::string& blob) {
    const Context& c = run.context();
    if (const std::string text = transcript.text(); media::utf16_units(text) <= short_units)
        desk.apply({Say{.text = text, .keyboard = {}, .reply_to = run.recording.message, .handle = {}}});
    telegram::Attachment file{.field = "document", .blob = blob, .file_name = file_name, .owner = run.job.user().value};
    desk.send(telegram::with(telegram::send_document(std::move(file), c.say(Text::transcript_caption), run.recording.message),
                             documents_keyboard(transcript.id.value, c.language)));
    desk.apply({Say{.text = c.say(Text::menu_formats, {{"number", std::to_string(transcript.number)}, {"price", c.coins(c.prices.output)}}),
                    .keyboard = formats_keyboard(c.language),
                    .reply_to = {},
                    .handle = {}}});
}

Task<jobs::Ending> complete(const Run& run, Heard heard) {
    Workshop& shop = run.shop;
    const Context& c = run.context();
    const auto deadline = Deadline::after(patience);
    const UserId user = run.job.user();
    transcripts::Transcript transcript{.id = TranscriptId(Uuid::v5(run.recording_id, "transcript")),
                                       .number = co_await accounts::next_number(shop.pool, user, "transcript", deadline),
                                       .source = "audio",
                                       .language = shop.speech->languages().front(),
                                       .duration = run.recording.duration,
                                       .lines = lines_of(heard.pieces),
                                       .created_at = c.now};
    const std::string file_name = "transcript_" + std::to_string(transcript.number) + "_" + file_time(c.now, c.time_zone) + ".txt";
    const auto blob = co_await shop.blobs.put(user, run.job.key(), file_text(transcript));
    const Funds funds = co_await funds_of(shop, user, deadline);
    const auto desk = run.desk();
    storage::add_row(desk->work(), blob, c.now + file_lives);
    wallet::capture(desk->work(), *run.job.operation(), run.recording.price, "transcription");
    transcripts::save(desk->work(), user, run.job.key(), transcript);
    transcripts::add_document(desk->work(), user,
                              {.id = run.job.id().value, .transcript = transcript.id, .kind = "transcript", .file_name = file_name, .blob = blob.name.value, .operation = run.job.operation()});
    std::string done = c.say(Text::transcript_done, {{"length", length_text(run.recording.duration)}, {"price", c.coins(run.recording.price)}, {"available", c.coins(funds.available)}});
    if (!heard.ending) done += "\n" + c.say(Text::transcript_partly);
    desk->apply({Redraw{.text = std::move(done), .keyboard = {}, .handle = run.live(), .message = {}}});
    deliver(run, *desk, transcript, file_name, blob.name.value);
    co_return jobs::Done(finish(shop, desk));
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto id = uncompact(job.args().as_object().at("recording").as_string());
    if (!client || !id || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const auto recording = co_await transcripts::recording(shop.pool, job.user(), *id, Deadline::after(patience));
    const Run run{shop, job, std::move(*client), *id, recording.value_or(transcripts::Recording{})};
    if (!recording) co_return refuse(run, Text::recording_gone);
    if (!shop.speech) co_return refuse(run, Text::language_not_heard, {{"languages", run.context().languages()}});

    const Scratch file(shop.scratch);
    co_await shop.blobs.read_to(storage::BlobName(recording->blob), job.key(), file.path());
    Heard heard = co_await listen(run, file.path());
    if (heard.hearing == ai::Hearing::not_heard) co_return refuse(run, Text::language_not_heard, {{"languages", run.context().languages()}});
    const bool broke = !heard.ending && heard.ending.error().error != media::DecodeError::truncated;
    if (broke) {
        log(Level::warn, "bot", "a recording was not decoded", {{"error", media::name(heard.ending.error().error)}, {"detail", heard.ending.error().detail}});
        co_return jobs::Again{2s, std::string(media::name(heard.ending.error().error))};
    }
    if (heard.hearing == ai::Hearing::no_speech || lines_of(heard.pieces).empty()) co_return refuse(run, Text::no_speech);
    co_return co_await complete(run, std::move(heard));
}

std::string live_of(const jobs::Running& job) {
    const auto* args = job.args().if_object();
    const auto* recording = args ? args->if_contains("recording") : nullptr;
    const auto id = recording && recording->is_string() ? uncompact(recording->get_string()) : std::nullopt;
    return live_message(id.value_or(job.id().value));
}

}  // namespace

jobs::Handler transcribe_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job, jobs::Failure why) { return give_up(shop, job, why, Text::recording_failed, live_of(job), false); },
            .parallel = 0};
}

}  // namespace persona::bot

// Free work that turns a file at Telegram into something with a price: download, look at the content, measure. A recording is
// kept sealed until it is transcribed or a day has passed; a text becomes a transcript at once.
#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>

#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/segment_stream.hpp"
#include "bot/work/workshop.hpp"
#include "jobs/job.hpp"
#include "media/text_file.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/transcripts/name.hpp"
#include "studio/transcripts/transcripts.hpp"

namespace persona::bot {
namespace {

constexpr auto recording_lives = std::chrono::hours(24);
constexpr auto database_patience = 10s;
constexpr auto guess_patience = std::chrono::minutes(2);  // a segment of another recording may be before it
constexpr auto download_patience = std::chrono::minutes(10);

// One run: what the file was, whom to tell.
struct Probe {
    Workshop& shop;
    jobs::Running& job;
    Client client;
    std::string mode;  // "audio", "text", "any": where the person was when they sent it
    std::optional<MessageId> message;
    Uuid id;

    const Context& context() const { return client.context; }
    std::string live() const { return live_message(id); }

    std::shared_ptr<Desk> desk() const { return std::make_shared<Desk>(shop.outbox, client.recipient); }

    jobs::Ending tell(Text text, Args args = {}) const {
        const auto d = desk();
        d->apply({Redraw{.text = context().say(text, args), .keyboard = {}, .handle = live(), .message = {}}});
        return jobs::Done(finish(shop, d));
    }
};

std::string text_of(const boost::json::value& args, std::string_view key) {
    const auto* value = args.as_object().if_contains(key);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

media::ContentType content_of(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return media::ContentType::unknown;
    const auto type = media::content_type_of(fd);
    ::close(fd);
    return type;
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// In which language a recording is, before it is paid for.
struct Spoken {
    std::string language;  // empty: whoever hears it finds it
    bool doubt = false;    // the person is asked
};

// The first speech of the recording, as the engine takes it; nothing where nobody speaks.
Task<std::optional<ai::Segment>> first_segment(const Probe& probe, const ai::SpeechEngine& engine, const std::filesystem::path& file) {
    const media::DecodeLimits bounds{.max_duration = std::chrono::minutes(probe.context().limits.recording_minutes) + 1min};
    SegmentStream segments(co_await asio::this_coro::executor, probe.shop.decoder, *probe.shop.voice, file, bounds, ai::packing_for(engine));
    co_return co_await segments.next();
}

// What the person chose, else what a local engine is sure of.
Task<Spoken> spoken(const Probe& probe, const std::filesystem::path& file) {
    const Context& c = probe.context();
    ai::SpeechEngine* engine = probe.shop.speech.guesser();
    if (!c.recording_language.empty() || !engine) co_return Spoken{c.recording_language};
    try {
        const auto segment = co_await first_segment(probe, *engine, file);
        if (!segment) co_return Spoken{};
        const auto guess = co_await engine->guess(*segment, Deadline::after(guess_patience));
        if (!guess) co_return Spoken{};
        if (guess->probability >= ai::sure_language) co_return Spoken{guess->language};
        co_return Spoken{.language = {}, .doubt = c.heard.size() > 1};
    } catch (const Unavailable& e) { log(Level::warn, "bot", "no language was found beforehand", {{"engine", engine->name()}, {"error", e.what()}}); }
    co_return Spoken{};
}

// Price in the entry text: starts at once. Dearer, unasked for, in doubt or too dear for the purse: asks.
Task<jobs::Ending> offer(const Probe& probe, const media::MediaInfo& info, const storage::Stored& blob, const Spoken& spoken) {
    const Context& c = probe.context();
    const auto deadline = Deadline::after(database_patience);
    const Coins price = c.prices.of_recording(info.duration);
    const Funds funds = co_await funds_of(probe.shop, probe.job.user(), deadline);
    const auto desk = probe.desk();
    const Time expires = c.now + recording_lives;
    storage::add_row(desk->work(), blob, expires);
    transcripts::add_recording(desk->work(), probe.job.user(),
                               {.id = probe.id, .blob = blob.name.value, .duration = info.duration, .price = price, .message = probe.message},
                               expires);
    const int ahead = co_await jobs::ahead(probe.shop.pool, probe.job.user(), "transcribe", deadline);
    const Recording recording{Recording::Work::none, info.duration, price, probe.message, ahead};
    auto keyboard = spoken.doubt ? language_keyboard(c, probe.id, price) : start_keyboard(c, probe.id, price, spoken.language);
    if (funds.available < price) {
        const std::string act = spoken.doubt ? "" : keyboard.rows.front().front().data;
        keyboard.rows.push_back(top_up_keyboard(c.language, act).rows.front());
        desk->apply({Redraw{.text = not_enough(c, price, funds.available), .keyboard = keyboard, .handle = probe.live(), .message = {}}});
    } else if (probe.mode == "audio" && price <= c.prices.transcription && !spoken.doubt) {
        desk->apply(start_transcription(c, probe.id, recording, funds.available, spoken.language));
    } else {
        const std::string text = c.say(spoken.doubt ? Text::recording_which : Text::recording_offer,
                                       {{"length", length_text(info.duration)}, {"price", c.coins(price)}, {"available", c.coins(funds.available)}});
        desk->apply({Redraw{.text = text, .keyboard = keyboard, .handle = probe.live(), .message = {}}});
    }
    co_return jobs::Done(finish(probe.shop, desk));
}

Task<jobs::Ending> save_text(const Probe& probe, std::string text, std::string name) {
    const auto deadline = Deadline::after(database_patience);
    const Context& c = probe.context();
    const auto desk = probe.desk();
    const TranscriptId id(Uuid::v5(probe.id, "transcript"));
    const std::int64_t number = co_await accounts::next_number(probe.shop.pool, probe.job.user(), "transcript", deadline);
    transcripts::save(desk->work(), probe.job.user(), probe.job.key(),
                      {.id = id,
                       .number = number,
                       .source = "text",
                       .language = "und",
                       .duration = Millis(0),
                       .lines = {{Millis(0), Millis(0), std::move(text)}},
                       .created_at = c.now,
                       .name = transcripts::name_of_file(name)});
    const std::string file_name = "transcript_" + std::to_string(number) + ".txt";  // the person's own name for it is sealed
    transcripts::add_document(desk->work(), probe.job.user(),
                              {.id = probe.id, .transcript = id, .kind = "text", .file_name = file_name, .blob = "", .operation = {}});
    const TranscriptRef saved{id.value, number, transcripts::name_of_file(name)};
    desk->apply({Redraw{.text = "✅ " + c.say(Text::kind_text), .keyboard = {}, .handle = probe.live(), .message = {}},
                 Say{.text = c.say(Text::text_saved) + "\n" + current_text(c, saved),
                     .keyboard = formats_keyboard(c.language),
                     .reply_to = probe.message,
                     .handle = {}}});
    co_return jobs::Done(finish(probe.shop, desk));
}

Task<jobs::Ending> read_text(const Probe& probe, const std::filesystem::path& file) {
    if (probe.mode == "audio") co_return probe.tell(Text::not_audio);
    std::string bytes = co_await probe.shop.cpu.run([&] { return read_file(file); });
    auto text = co_await probe.shop.cpu.run([&] { return media::text_of_file(as_bytes(bytes)); });
    if (text) co_return co_await save_text(probe, std::move(*text), text_of(probe.job.args(), "name"));
    switch (text.error()) {
        case media::TextFileError::empty: co_return probe.tell(Text::text_file_empty);
        case media::TextFileError::too_large:
            co_return probe.tell(Text::file_too_big, {{"limit", static_cast<std::int64_t>(media::max_text_file >> 20)}});
        case media::TextFileError::binary: break;
    }
    co_return probe.tell(probe.mode == "text" ? Text::text_file_binary : Text::not_known_file);
}

// What a decoder's refusal means to the person; nothing: worth another try.
std::optional<Text> refusal(media::DecodeError error, const std::string& mode) {
    switch (error) {
        case media::DecodeError::not_media:
        case media::DecodeError::no_audio:
        case media::DecodeError::failed: return mode == "any" ? Text::not_known_file : mode == "text" ? Text::text_file_binary : Text::not_audio;
        case media::DecodeError::too_long: return Text::recording_too_long;
        default: return std::nullopt;
    }
}

Task<jobs::Ending> measure(const Probe& probe, const std::filesystem::path& file) {
    const Limits& limits = probe.context().limits;
    const media::DecodeLimits bounds{.max_duration = std::chrono::minutes(limits.recording_minutes)};
    auto info = co_await probe.shop.cpu.run([&] { return probe.shop.decoder.probe(file, bounds); });
    if (!info && info.error().error == media::DecodeError::truncated && info.error().decoded > Millis(500))
        info = media::MediaInfo{.duration = info.error().decoded, .codec = {}, .has_audio = true};  // what is there is worth a transcript
    if (!info) {
        log(Level::warn, "bot", "a recording was not measured", {{"error", media::name(info.error().error)}, {"detail", info.error().detail}});
        if (const auto text = refusal(info.error().error, probe.mode))
            co_return probe.tell(*text, {{"limit", std::int64_t{limits.recording_minutes}}});
        co_return jobs::Again{2s, std::string(media::name(info.error().error))};
    }
    if (!info->has_audio) co_return probe.tell(*refusal(media::DecodeError::no_audio, probe.mode));
    const Spoken language = co_await spoken(probe, file);
    if (!language.language.empty() && probe.shop.speech.choose(language.language).empty())
        co_return probe.tell(Text::language_not_heard, {{"languages", probe.context().languages()}});
    const auto blob = co_await probe.shop.blobs.put_file(probe.job.user(), probe.job.key(), file);
    co_return co_await offer(probe, *info, blob, language);
}

Task<jobs::Ending> look_at(const Probe& probe, const std::filesystem::path& file) {
    const auto type = co_await probe.shop.cpu.run([&] { return content_of(file); });
    if (type == media::ContentType::empty) co_return probe.tell(Text::text_file_empty);
    if (media::may_hold_sound(type)) co_return co_await measure(probe, file);
    co_return co_await read_text(probe, file);
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(database_patience));
    if (!client) co_return jobs::Cancelled{};
    const auto& args = job.args().as_object();
    Probe probe{shop, job, std::move(*client), text_of(job.args(), "mode"), {}, job.id().value};
    if (const auto* message = args.if_contains("message"); message && message->is_int64()) probe.message = MessageId(message->as_int64());
    if (const std::string text = text_of(job.args(), "text"); !text.empty()) co_return co_await save_text(probe, text, "");

    const Scratch file(shop.scratch);
    const auto got =
        co_await shop.api.download(text_of(job.args(), "file"), file.path(), probe.context().limits.file_bytes, Deadline::after(download_patience));
    if (got) co_return co_await look_at(probe, file.path());
    const telegram::ApiError& error = got.error();
    log(Level::warn, "bot", "a file was not downloaded", {{"error", error.description}});
    if (telegram::is_too_big(error)) co_return probe.tell(Text::file_too_big, {{"limit", probe.context().limits.file_bytes >> 20}});
    if (error.kind == telegram::ApiErrorKind::refused) co_return probe.tell(Text::download_failed);
    co_return jobs::Again{std::max<Millis>(error.retry_after, 2s), error.description};
}

}  // namespace

jobs::Handler probe_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job,
                               jobs::Failure why) { return give_up(shop, job, why, Text::file_failed, live_message(job.id().value), false); },
            .parallel = 0};
}

}  // namespace persona::bot

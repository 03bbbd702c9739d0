// Free files from the texts of transcripts: one in a chosen form, several as an archive, several joined into a new transcript.
#include <boost/json.hpp>

#include "bot/export_forms.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/workshop.hpp"
#include "media/docx.hpp"
#include "media/zip.hpp"
#include "studio/accounts/accounts.hpp"
#include "studio/transcripts/forms.hpp"
#include "studio/transcripts/join.hpp"
#include "studio/transcripts/library.hpp"
#include "studio/transcripts/name.hpp"
#include "studio/transcripts/srt.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto export_lives = std::chrono::hours(24);  // long enough for the outbox; it can be made again at any time
constexpr auto joined_lives = std::chrono::hours(24 * 30);
constexpr std::size_t most_bytes = 32 << 20;  // of all texts together: Telegram takes files of 50 MB from a bot
constexpr std::size_t file_name_units = 60;

// A transcript with the name its owner knows it by.
struct Named {
    transcripts::Transcript transcript;
    std::string name;
};

struct Export {
    Workshop& shop;
    jobs::Running& job;
    Client client;
    std::string form;
    std::vector<Named> sources;  // oldest first; those that are gone left out

    const Context& context() const { return client.context; }
    std::shared_ptr<Desk> desk() const { return std::make_shared<Desk>(shop.outbox, client.recipient); }
};

std::string bytes_text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

media::Language language_of_text(const Context& c, const transcripts::Transcript& transcript) {
    if (transcript.language == "ru" || transcript.language == "en") return transcript.language == "ru" ? media::Language::ru : media::Language::en;
    return c.language == Language::ru ? media::Language::ru : media::Language::en;
}

std::string drawn(const Context& c, const Named& source, std::string_view form) {
    const auto& transcript = source.transcript;
    if (form == "txt") return transcripts::to_txt(transcript);
    if (form == "srt") return transcripts::to_srt(transcript);
    const transcripts::Heading heading{.title = source.name,
                                       .date = shown_time(transcript.created_at, c.time_zone, c.language),
                                       .length = transcripts::has_times(transcript) ? length_text(transcript.duration) : "",
                                       .language = language_of_text(c, transcript)};
    if (form == "md") return transcripts::to_markdown(transcript, heading);
    return bytes_text(media::to_docx(transcripts::to_document(transcript, heading)));
}

// The name without what file systems refuse, and without the extension that it came with.
std::string file_stem(const Named& source) {
    std::string out = source.name;
    if (const std::size_t dot = out.rfind('.'); dot != std::string::npos && dot > 0 && out.size() - dot <= 5) out.resize(dot);
    for (char& c : out)
        if (std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos) c = '_';
    while (out.starts_with('.')) out.erase(0, 1);
    return out.empty() ? "transcript_" + std::to_string(source.transcript.number) : shortened(out, file_name_units);
}

std::string archive(const Export& work) {
    std::vector<media::ZipEntry> entries;
    for (const Named& source : work.sources) {
        const std::string stem = std::to_string(source.transcript.number) + " " + file_stem(source);
        for (const std::string_view form : {"txt", "srt", "docx"})
            if (form != "srt" || transcripts::has_times(source.transcript))
                entries.push_back({stem + "." + std::string(form), drawn(work.context(), source, form)});
    }
    return bytes_text(media::zipped(entries, work.context().now));
}

Task<void> send(const Export& work, Desk& desk, std::string content, std::string file_name, std::string caption) {
    const auto blob = co_await work.shop.blobs.put(work.job.user(), work.job.key(), std::move(content));
    storage::add_row(desk.work(), blob, work.context().now + export_lives);
    desk.apply({SendFile{.blob = blob.name.value, .file_name = std::move(file_name), .caption = std::move(caption), .keyboard = {}}});
}

Task<jobs::Ending> deliver(const Export& work) {
    const Context& c = work.context();
    const auto desk = work.desk();
    const Named& first = work.sources.front();
    const bool many = work.form == "zip";
    std::string content = co_await work.shop.cpu.run([&] { return many ? archive(work) : drawn(c, first, work.form); });
    std::string caption = many ? c.say(Text::exported_many, {{"count", static_cast<std::int64_t>(work.sources.size())}})
                               : c.say(Text::exported, {{"name", first.name}});
    const std::string file_name = many ? "transcripts_" + file_time(c.now, c.time_zone) + ".zip" : file_stem(first) + "." + work.form;
    co_await send(work, *desk, std::move(content), file_name, std::move(caption));
    co_return jobs::Done(finish(work.shop, desk));
}

// A new transcript of its own number; the sources stay as they are.
Task<jobs::Ending> join(const Export& work) {
    const Context& c = work.context();
    std::vector<transcripts::Transcript> parts;
    for (const Named& source : work.sources) {
        parts.push_back(source.transcript);
        parts.back().name = source.name;
    }
    auto joined = transcripts::joined(parts);
    joined.id = TranscriptId(Uuid::v5(work.job.id().value, "transcript"));
    joined.number = co_await accounts::next_number(work.shop.pool, work.job.user(), "transcript", Deadline::after(patience));
    joined.created_at = c.now;
    joined.name = transcripts::name_of_file(
        c.say(Text::joined_name, {{"first", shortened(parts.front().name, file_name_units)}, {"count", std::to_string(parts.size() - 1)}}));

    const auto desk = work.desk();
    const auto blob = co_await work.shop.blobs.put(work.job.user(), work.job.key(), transcripts::to_txt(joined));
    storage::add_row(desk->work(), blob, c.now + joined_lives);
    transcripts::save(desk->work(), work.job.user(), work.job.key(), joined);
    const std::string file_name = "transcript_" + std::to_string(joined.number) + "_" + file_time(c.now, c.time_zone) + ".txt";
    transcripts::add_document(
        desk->work(), work.job.user(),
        {.id = work.job.id().value, .transcript = joined.id, .kind = "transcript", .file_name = file_name, .blob = blob.name.value, .operation = {}});
    desk->apply({SendFile{.blob = blob.name.value,
                          .file_name = file_name,
                          .caption = c.say(Text::transcript_caption),
                          .keyboard = documents_keyboard(joined.id.value, c.language)},
                 Say{.text = c.say(Text::made_current,
                                   {{"name", joined.name}, {"number", std::to_string(joined.number)}, {"price", c.coins(c.prices.output)}}),
                     .keyboard = formats_keyboard(c.language),
                     .reply_to = {},
                     .handle = {}}});
    co_return jobs::Done(finish(work.shop, desk));
}

Task<std::vector<Named>> open_sources(Workshop& shop, jobs::Running& job, const Context& context) {
    std::vector<Named> out;
    for (const auto& one : job.args().as_object().at("transcripts").as_array()) {
        const auto id = uncompact(one.as_string());
        const auto deadline = Deadline::after(patience);
        const auto entry = id ? co_await transcripts::entry(shop.pool, job.user(), job.key(), TranscriptId(*id), deadline) : std::nullopt;
        auto transcript = entry ? co_await transcripts::find(shop.pool, job.user(), job.key(), entry->id, deadline) : std::nullopt;
        if (transcript) out.push_back({std::move(*transcript), shown_name(context, *entry)});
    }
    std::ranges::sort(out, {}, [](const Named& n) { return std::pair(n.transcript.created_at, n.transcript.number); });
    co_return out;
}

std::size_t bytes_of(const std::vector<Named>& sources) {
    std::size_t out = 0;
    for (const Named& source : sources)
        for (const auto& line : source.transcript.lines) out += line.text.size();
    return out;
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    if (!client) co_return jobs::Cancelled{};
    auto sources = co_await open_sources(shop, job, client->context);
    const Export work{shop, job, std::move(*client), std::string(job.args().as_object().at("form").as_string()), std::move(sources)};
    const auto refuse = [&](Text text) -> jobs::Ending {
        const auto desk = work.desk();
        desk->apply({Say{.text = work.context().say(text), .keyboard = {}, .reply_to = {}, .handle = {}}});
        return jobs::Done(finish(shop, desk));
    };
    if (work.sources.empty()) co_return refuse(Text::transcript_lost);
    if (bytes_of(work.sources) > most_bytes) co_return refuse(Text::export_too_large);
    co_return work.form == "join" ? co_await join(work) : co_await deliver(work);
}

}  // namespace

jobs::Handler export_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job,
                               jobs::Failure why) { return give_up(shop, job, why, Text::export_failed, live_message(job.id().value), false); },
            .parallel = 0};
}

}  // namespace persona::bot

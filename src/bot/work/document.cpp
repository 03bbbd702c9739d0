// A document from a transcript: stored sealed, charged when its delivery is in the outbox. Free where the local engine had to stand in:
// the person ordered better and was told a price for it (T19).
#include <boost/json.hpp>

#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/workshop.hpp"
#include "media/docx.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto engine_patience = std::chrono::minutes(15);  // a long meeting is many questions to a language model
constexpr auto document_lives = std::chrono::hours(24 * 30);

// The order of document_kinds() is that of ai::Output.
ai::Output output_of(const DocumentKind& kind) { return static_cast<ai::Output>(&kind - document_kinds().data()); }

std::string bytes_of(const media::Document& document, const DocumentKind& kind, const media::DocxTemplate* look) {
    if (kind.extension != ".docx") return media::to_plain_text(document);
    const Bytes docx = media::to_docx(document, look);
    return {docx.begin(), docx.end()};
}

std::string last_word(const Context& c, const DocumentKind& kind, ai::Mode mode, Coins charged, Coins available) {
    return c.say(mode == ai::Mode::stand_in ? Text::document_stand_in : Text::document_done,
                 {{"what", c.say(kind.label)}, {"price", c.coins(charged)}, {"available", c.coins(available)}});
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    const auto deadline = Deadline::after(patience);
    auto client = co_await client_of(shop, job, deadline);
    const auto& args = job.args().as_object();
    const auto id = uncompact(args.at("transcript").as_string());
    const DocumentKind* kind = document_kind(args.at("kind").as_string());
    const auto price = Coins::parse(args.at("price").as_string());  // as it was held: the operator may have changed it since
    if (!client || !id || !kind || !price || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const Context& c = client->context;

    const auto transcript = co_await transcripts::find(shop.pool, job.user(), job.key(), TranscriptId(*id), deadline);
    const auto desk = std::make_shared<Desk>(shop.outbox, client->recipient);
    const auto refuse = [&](Text text) -> jobs::Ending {
        wallet::void_hold(desk->work(), *job.operation(), "nothing to make it of");
        not_made(*desk, c, live_message(job.id().value), c.say(text));
        return jobs::Dead(finish(shop, desk), std::string(name(text)));
    };
    if (!transcript) co_return refuse(Text::transcript_lost);

    const std::string text = readable(*transcript);
    const ai::DocumentContext about{.date = shown_time(transcript->created_at, c.time_zone, c.language), .author = c.first_name, .created = c.now};
    const auto written = co_await shop.text.produce(output_of(*kind), {text}, about, Deadline::after(engine_patience));
    if (!written) co_return refuse(Text::transcript_empty);
    if (written->document.blocks.empty()) co_return refuse(Text::document_failed);
    std::string made = co_await shop.cpu.run([&] { return bytes_of(written->document, *kind, shop.look); });

    const auto finishing = Deadline::after(patience);
    const auto blob = co_await shop.blobs.put(job.user(), job.key(), std::move(made));
    const std::string file_name =
        std::string(kind->file_prefix) + std::to_string(transcript->number) + "_" + file_time(c.now, c.time_zone) + std::string(kind->extension);
    const Funds funds = co_await funds_of(shop, job.user(), finishing);
    storage::add_row(desk->work(), blob, c.now + document_lives);
    const Coins charged = settle(shop, *desk, *job.operation(), written->mode, *price, kind->name);
    const Coins available = funds.available + (*price - charged);  // the rest of the hold comes back
    transcripts::add_document(desk->work(), job.user(),
                              {.id = job.id().value,
                               .transcript = transcript->id,
                               .kind = std::string(kind->name),
                               .file_name = file_name,
                               .blob = blob.name.value,
                               .operation = job.operation()});
    telegram::Attachment file{.field = "document", .blob = blob.name.value, .file_name = file_name, .owner = job.user().value};
    desk->send(telegram::with(telegram::send_document(std::move(file), c.say(kind->caption)), documents_keyboard(*id, c.language)));
    std::string done = last_word(c, *kind, written->mode, charged, available);
    desk->apply({Redraw{.text = std::move(done), .keyboard = {}, .handle = live_message(job.id().value), .message = {}}});
    co_return jobs::Done(finish(shop, desk));
}

}  // namespace

jobs::Handler document_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job,
                               jobs::Failure why) { return give_up(shop, job, why, Text::document_failed, live_message(job.id().value), true); },
            .parallel = 0};
}

}  // namespace persona::bot

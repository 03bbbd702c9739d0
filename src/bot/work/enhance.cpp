// A photo is made better: read in the child, enhanced, shown before and after, delivered whole. Charged when it is in the outbox.
#include <boost/json.hpp>

#include "ai/before_after.hpp"
#include "base/log.hpp"
#include "bot/avatar_words.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "bot/work/photo_check.hpp"
#include "bot/work/workshop.hpp"
#include "media/jpeg.hpp"
#include "studio/portraits/images.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto download_patience = std::chrono::minutes(2);
constexpr auto engine_patience = std::chrono::minutes(5);
constexpr auto image_lives = std::chrono::hours(24 * 30);
constexpr auto shown_lives = std::chrono::hours(24);  // the comparison is only shown
constexpr int result_quality = 92, shown_quality = 88;
constexpr int most_ratio = 19;  // Telegram shows no photo that is twenty times as long as wide

struct Made {
    std::string jpeg, comparison;  // the second empty where it cannot be shown
};

Made made_of(const media::Picture& before, const media::Picture& after) {
    const auto [shorter, longer] = std::minmax(after.width, after.height);
    return {media::jpeg_of(after, result_quality),
            longer > most_ratio * shorter ? std::string() : media::jpeg_of(ai::before_after(before, after), shown_quality)};
}

// One run.
struct Enhancement {
    Workshop& shop;
    jobs::Running& job;
    Client client;
    Coins price;
    MessageId message;

    const Context& c() const { return client.context; }
    std::string live() const { return live_message(job.id().value); }

    jobs::Ending refuse(Text text) const {
        const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
        wallet::void_hold(desk->work(), *job.operation(), name(text));
        const std::string reason = c().say(text, {{"limit", c().limits.photo_bytes >> 20}});
        const std::string words = text == Text::enhance_failed ? reason : c().say(Text::enhance_refused, {{"reason", reason}});
        desk->apply({Redraw{.text = words, .keyboard = {}, .handle = live()}});
        return jobs::Dead(finish(shop, desk), std::string(name(text)));
    }

    Task<jobs::Ending> deliver(Made made) const {
        const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
        const auto blob = co_await shop.blobs.put(job.user(), job.key(), std::move(made.jpeg));
        storage::add_row(desk->work(), blob, c().now + image_lives);
        const Uuid id = Uuid::v5(job.id().value, "image");
        const std::string file_name = "enhanced_" + file_time(c().now, c().time_zone) + ".jpg";
        portraits::add(desk->work(), job.user(), {.id = id, .operation = job.operation(), .blob = blob.name.value, .file_name = file_name});
        charge(shop, desk->work(), *job.operation(), price, "enhanced");
        if (!made.comparison.empty()) {
            const auto shown = co_await shop.blobs.put(job.user(), job.key(), std::move(made.comparison));
            storage::add_row(desk->work(), shown, c().now + shown_lives);
            desk->apply({Show{.picture = shown.name.value, .caption = c().say(Text::enhanced_caption), .keyboard = {}, .reply_to = message}});
        }
        telegram::Attachment file{.field = "document", .blob = blob.name.value, .file_name = file_name, .owner = job.user().value};
        desk->send(telegram::with(telegram::send_document(std::move(file), c().say(Text::enhanced_file), message), enhanced_keyboard(c(), id)));
        const Funds funds = co_await funds_of(shop, job.user(), Deadline::after(patience));
        desk->apply({Redraw{.text = c().say(Text::enhanced_done, {{"price", c().coins(price)}, {"available", c().coins(funds.available)}}),
                            .keyboard = {},
                            .handle = live()}});
        co_return jobs::Done(finish(shop, desk));
    }

    Task<jobs::Ending> enhance(std::filesystem::path file) const {
        const ai::EnhanceEngine& engine = *shop.atelier->enhance;
        auto read = co_await shop.cpu.run([&] { return shop.atelier->reader.read(file, {.most_side = engine.most_side()}, {}); });
        if (!read) {
            log(Level::info, "bot", "a photo was not read", {{"error", media::name(read.error().error)}, {"detail", read.error().detail}});
            if (const auto text = refusal_of(read.error().error)) co_return refuse(*text);
            co_return jobs::Again{2s, std::string(media::name(read.error().error))};
        }
        std::vector<ai::Face> faces;
        if (shop.atelier->faces) faces = co_await shop.cpu.run([&] { return shop.atelier->faces(read->picture); });
        auto better = co_await engine.enhance(read->picture, std::move(faces), Deadline::after(engine_patience));
        if (!better) {
            log(Level::warn, "bot", "a photo was not enhanced", {{"engine", engine.name()}, {"error", better.error().detail}});
            if (!better.error().passes) co_return refuse(Text::enhance_failed);
            co_return jobs::Again{2s, better.error().detail};
        }
        Made made = co_await shop.cpu.run([&] { return made_of(read->picture, *better); });
        co_return co_await deliver(std::move(made));
    }
};

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto price = Coins::parse(job.args().at("price").as_string());
    if (!client || !price || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const Enhancement work{shop, job, std::move(*client), *price, MessageId(job.args().at("message").as_int64())};
    if (!shop.atelier->enhance) co_return work.refuse(Text::enhance_failed);
    const Scratch file(shop.scratch);
    const std::string id(job.args().at("file").as_string());
    const auto got = co_await shop.api.download(id, file.path(), work.c().limits.photo_bytes, Deadline::after(download_patience));
    if (got) co_return co_await work.enhance(file.path());
    log(Level::warn, "bot", "a photo was not downloaded", {{"error", got.error().description}});
    if (telegram::is_too_big(got.error())) co_return work.refuse(Text::photo_large);
    if (got.error().kind == telegram::ApiErrorKind::refused) co_return work.refuse(Text::enhance_failed);
    co_return jobs::Again{std::max<Millis>(got.error().retry_after, 2s), got.error().description};
}

}  // namespace

jobs::Handler enhance_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job,
                               jobs::Failure why) { return give_up(shop, job, why, Text::enhance_failed, live_message(job.id().value), false); },
            .parallel = 0};
}

}  // namespace persona::bot

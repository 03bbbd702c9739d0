// Portraits are painted of an avatar in a style: each is stored, shown, and charged when its picture is in the outbox.
#include <boost/json.hpp>

#include "bot/avatar_words.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "bot/work/errand.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/portraits/images.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto image_lives = std::chrono::hours(24 * 30);
constexpr std::size_t most_file = 32 << 20;

struct Order {
    AvatarId avatar;
    ai::Style style;
    ai::Aspect aspect;
    int count = 1;
    Coins price;  // of one
};

std::optional<Order> order_of(const boost::json::value& args) {
    const auto id = uncompact(args.at("avatar").as_string());
    const auto style = ai::style_of(args.at("style").as_string());
    const auto aspect = ai::aspect_of(args.at("aspect").as_string());
    const auto price = Coins::parse(args.at("price").as_string());
    if (!id || !style || !aspect || !price) return std::nullopt;
    return Order{AvatarId(*id), *style, *aspect, args.at("count").to_number<int>(), *price};
}

// Another one each time, the same one when a lost attempt goes on.
std::uint64_t seed_of(const Uuid& job) {
    std::uint64_t seed = 0;
    for (int i = 8; i < 16; ++i) seed = seed << 8 | job.bytes[static_cast<std::size_t>(i)];
    return seed & 0x7fff'ffff;
}

Task<std::optional<ai::ImageOrder>> image_order(Workshop& shop, const jobs::Running& job, Order order, ai::Gender gender) {
    const auto model = co_await avatars::model(shop.pool, job.user(), job.key(), order.avatar, Deadline::after(patience));
    if (!model) co_return std::nullopt;
    ai::ImageOrder out{.id = job.id().value,
                       .model = {.model = model->model, .files = {}},
                       .gender = gender,
                       .style = order.style,
                       .aspect = order.aspect,
                       .count = order.count,
                       .seed = seed_of(job.id().value),
                       .webhook = shop.atelier->webhook_of(job.id().value)};
    for (const std::string& blob : model->blobs) out.model.files.push_back(co_await shop.blobs.read(storage::BlobName(blob), job.key(), most_file));
    co_return out;
}

Errand<ai::Images> errand(Workshop& shop, jobs::Running& job, Order order, ai::Gender gender) {
    auto& engine = shop.atelier->portraits;
    using Begun = ai::PortraitResult<std::variant<ai::Pending, ai::Images>>;
    return {.shop = shop,
            .job = job,
            .purpose = portraits::Purpose::painting,
            .limit = shop.atelier->painting_limit,
            .calls = {.begin = [&shop, &job, &engine, order, gender](Deadline deadline) -> Task<Begun> {
                          auto images = co_await image_order(shop, job, order, gender);
                          if (!images) co_return std::unexpected(ai::PortraitError{ai::PortraitError::Reason::refused, "the avatar is gone"});
                          co_return co_await engine.paint(std::move(*images), deadline);
                      },
                      .look = [&engine](std::string request, Deadline deadline) { return engine.painting(std::move(request), deadline); },
                      .read = [&engine](std::string told, Deadline deadline) { return engine.painted(std::move(told), deadline); },
                      .cancel = [&engine](std::string request, Deadline deadline) { return engine.cancel_painting(std::move(request), deadline); }}};
}

Task<void> show_image(Workshop& shop, const jobs::Running& job, Desk& desk, const Context& c, Order order, std::string caption, std::string image,
                      int number) {
    const auto blob = co_await shop.blobs.put(job.user(), job.key(), std::move(image));
    storage::add_row(desk.work(), blob, c.now + image_lives);
    const Uuid id = Uuid::v5(job.id().value, "image:" + std::to_string(number));
    portraits::add(desk.work(), job.user(),
                   {.id = id,
                    .avatar = order.avatar,
                    .style = std::string(ai::name(order.style)),
                    .aspect = std::string(ai::name(order.aspect)),
                    .operation = job.operation(),
                    .blob = blob.name.value,
                    .file_name = "portrait_" + std::string(ai::name(order.style)) + "_" + file_time(c.now, c.time_zone) + "_" +
                                 std::to_string(number + 1) + ".jpg"});
    desk.apply({Show{.picture = blob.name.value, .caption = std::move(caption), .keyboard = image_keyboard(c, id, false)}});
}

Task<jobs::Ending> complete(Workshop& shop, jobs::Running& job, const Client& client, std::string name, Order order, ai::Images images) {
    const Context& c = client.context;
    const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
    const int made = std::min(static_cast<int>(images.size()), order.count);
    const std::string style = style_text(c, order.style);
    for (int i = 0; i < made; ++i)
        co_await show_image(shop, job, *desk, c, order, c.say(Text::portrait_caption, {{"style", style}, {"name", name}}),
                            std::move(images[static_cast<std::size_t>(i)]), i);
    const Coins charged = order.price * made;
    charge(shop, desk->work(), *job.operation(), charged, "portrait");
    portraits::ended(desk->work(), job.id().value);
    const Funds funds = co_await funds_of(shop, job.user(), Deadline::after(patience));
    const Coins available = funds.available + (order.price * order.count - charged);  // the rest of the hold comes back
    std::string words =
        c.say(Text::portrait_done,
              {{"style", style}, {"name", name}, {"count", std::int64_t{made}}, {"price", c.coins(charged)}, {"available", c.coins(available)}});
    if (made < order.count) words += "\n" + c.say(Text::portrait_fewer, {{"made", std::to_string(made)}, {"count", std::to_string(order.count)}});
    desk->apply({Redraw{.text = std::move(words), .keyboard = {}, .handle = live_message(job.id().value)}});
    co_return jobs::Done(finish(shop, desk));
}

std::shared_ptr<Desk> failed_desk(Workshop& shop, const jobs::Running& job, const Client& client, Text text, const std::string& reason) {
    const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
    wallet::void_hold(desk->work(), *job.operation(), reason);
    portraits::ended(desk->work(), job.id().value);
    desk->apply({Redraw{.text = client.context.say(text), .keyboard = {}, .handle = live_message(job.id().value)}});
    return desk;
}

std::string progress_of(const Context& c, Order order, const ai::Waiting& waiting) {
    return c.say(Text::portrait_progress, {{"style", style_text(c, order.style)}, {"place", std::int64_t{waiting.place ? *waiting.place + 1 : 0}}});
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    const auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto order = order_of(job.args());
    if (!client || !order || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const auto avatar = co_await avatars::find(shop.pool, job.user(), job.key(), order->avatar, Deadline::after(patience));
    const bool foreign = avatar && avatar->provider != shop.atelier->portraits.name();
    if (!avatar || foreign) {
        co_await errand(shop, job, *order, ai::Gender::unknown).cancel();
        const std::string reason = foreign ? "the avatar is another provider's" : "the avatar is gone";
        co_return jobs::Dead(finish(shop, failed_desk(shop, job, *client, foreign ? Text::portrait_foreign : Text::portrait_failed, "gone")), reason);
    }
    auto painting = errand(shop, job, *order, avatar->gender);
    auto outcome = co_await painting.pursue();
    if (auto* images = std::get_if<ai::Images>(&outcome); images && !images->empty())
        co_return co_await complete(shop, job, *client, avatar_name(client->context, *avatar), *order, std::move(*images));
    if (auto* later = std::get_if<Errand<ai::Images>::Later>(&outcome)) {
        if (later->waiting) co_await painting.tell(*client, progress_of(client->context, *order, *later->waiting));
        co_return std::move(later->ending);
    }
    const auto* failed = std::get_if<Errand<ai::Images>::Failed>(&outcome);
    const std::string reason = failed ? failed->reason : "nothing was painted";
    co_return jobs::Dead(finish(shop, failed_desk(shop, job, *client, Text::portrait_failed, reason)), reason);
}

Task<jobs::Final> give_up(Workshop& shop, jobs::Running& job, jobs::Failure why) {
    const auto client = why == jobs::Failure::unreadable ? std::nullopt : co_await client_of(shop, job, Deadline::after(patience));
    const auto order = client ? order_of(job.args()) : std::nullopt;
    if (!order) co_return ended_unheard(job);
    co_await errand(shop, job, *order, ai::Gender::unknown).cancel();
    const bool cancelled = why == jobs::Failure::cancelled;
    co_return finish(shop,
                     failed_desk(shop, job, *client, cancelled ? Text::job_cancelled : Text::portrait_failed, cancelled ? "cancelled" : "failed"));
}

}  // namespace

jobs::Handler portrait_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job, jobs::Failure why) { return give_up(shop, job, why); },
            .parallel = 0};
}

}  // namespace persona::bot

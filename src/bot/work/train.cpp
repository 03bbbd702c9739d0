// An avatar is trained: its photos go to the engine, what was learnt comes back and is stored with the charge and the notice, once.
#include <boost/json.hpp>

#include "bot/avatar_words.hpp"
#include "bot/ids.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "bot/work/errand.hpp"
#include "studio/avatars/avatars.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr std::size_t most_file = 32 << 20;

struct Order {
    AvatarId avatar;
    int attempt = 0;
    Coins price;
};

std::optional<Order> order_of(const boost::json::value& args) {
    const auto id = uncompact(args.at("avatar").as_string());
    const auto price = Coins::parse(args.at("price").as_string());
    if (!id || !price) return std::nullopt;
    return Order{AvatarId(*id), args.at("attempt").to_number<int>(), *price};
}

ai::TrainingPhoto photo_of(Workshop& shop, const jobs::Running& job, const avatars::Photo& photo) {
    const vault::Key& key = job.key();
    return {.clearness = photo.clearness,
            .jpeg = [&shop, key, blob = photo.picture] { return shop.blobs.read(storage::BlobName(blob), key, most_file); },
            .pixels = [&shop, key, blob = photo.original](media::PictureWish wish) -> Task<media::Picture> {
                const std::string bytes = co_await shop.blobs.read(storage::BlobName(blob), key, most_file);
                auto read = co_await shop.cpu.run([&] { return shop.atelier->reader.read_bytes(bytes, wish, {}); });
                if (!read) throw Corrupt("a photo that was taken does not open any more: " + std::string(media::name(read.error().error)));
                co_return std::move(read->picture);
            }};
}

// Looked up when it is needed: a training that was ordered has no use for them.
Task<ai::TrainingOrder> training_order(Workshop& shop, const jobs::Running& job, avatars::Avatar avatar) {
    ai::TrainingOrder out{.id = job.id().value,
                          .gender = avatar.gender,
                          .comment = "avatar_id=" + avatar.id.value.text(),
                          .webhook = shop.atelier->webhook_of(job.id().value),
                          .photos = {}};
    for (const avatars::Photo& photo : co_await avatars::photos(shop.pool, job.user(), job.key(), avatar.id, Deadline::after(patience)))
        out.photos.push_back(photo_of(shop, job, photo));
    co_return out;
}

Errand<ai::Trained> errand(Workshop& shop, jobs::Running& job, const avatars::Avatar& avatar) {
    auto& engine = shop.atelier->portraits;
    return {.shop = shop,
            .job = job,
            .purpose = portraits::Purpose::training,
            .limit = shop.atelier->training_limit,
            .calls = {.begin = [&shop, &job, &engine, avatar](Deadline deadline) -> Task<ai::PortraitResult<std::variant<ai::Pending, ai::Trained>>> {
                          co_return co_await engine.train(co_await training_order(shop, job, avatar), deadline);
                      },
                      .look = [&engine](std::string request, Deadline deadline) { return engine.training(std::move(request), deadline); },
                      .read = [&engine](std::string told, Deadline deadline) { return engine.trained(std::move(told), deadline); },
                      .cancel = [&engine](std::string request, Deadline deadline) { return engine.cancel_training(std::move(request), deadline); }}};
}

Task<jobs::Ending> complete(Workshop& shop, jobs::Running& job, const Client& client, const avatars::Avatar& avatar, Order order,
                            ai::Trained trained) {
    const Context& c = client.context;
    const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
    avatars::Model model{.model = std::move(trained.model), .blobs = {}, .provider = std::string(shop.atelier->portraits.name())};
    for (std::string& file : trained.files) {
        const auto blob = co_await shop.blobs.put(job.user(), job.key(), std::move(file));
        storage::add_row(desk->work(), blob);
        model.blobs.push_back(blob.name.value);
    }
    avatars::ready(desk->work(), job.user(), job.key(), avatar.id, order.attempt, model, shop.atelier->drop_photos);
    charge(shop, desk->work(), *job.operation(), order.price, "avatar");
    portraits::ended(desk->work(), job.id().value);
    const Funds funds = co_await funds_of(shop, job.user(), Deadline::after(patience));
    const std::string name = avatar_name(c, avatar);
    desk->apply({Redraw{.text = "✅ " + name, .keyboard = {}, .handle = live_message(job.id().value)},
                 Say{.text = c.say(Text::avatar_done, {{"name", name}, {"price", c.coins(order.price)}, {"available", c.coins(funds.available)}}),
                     .keyboard = avatar_ready_keyboard(c)}});
    co_return jobs::Done(finish(shop, desk));
}

// The hold is voided: nothing was charged. The avatar waits for another try, with its photos.
std::shared_ptr<Desk> failed_desk(Workshop& shop, const jobs::Running& job, const Client& client, const std::optional<avatars::Avatar>& avatar,
                                  Order order, const std::string& reason) {
    const Context& c = client.context;
    const auto desk = std::make_shared<Desk>(shop.outbox, client.recipient);
    wallet::void_hold(desk->work(), *job.operation(), reason);
    avatars::failed(desk->work(), job.user(), order.avatar, order.attempt, reason);
    portraits::ended(desk->work(), job.id().value);
    const std::string live = live_message(job.id().value);
    if (reason == "cancelled" || !avatar) {
        desk->apply({Redraw{.text = c.say(Text::avatar_stopped), .keyboard = {}, .handle = live}});
        return desk;
    }
    avatars::Avatar shown = *avatar;
    shown.attempt = order.attempt;
    const std::string words = c.say(Text::avatar_failed, {{"name", avatar_name(c, shown)}, {"reason", reason_text(c, reason)}});
    desk->apply({Redraw{.text = "❌ " + avatar_name(c, shown), .keyboard = {}, .handle = live},
                 Say{.text = words, .keyboard = train_again_keyboard(c, shown, c.prices.avatar)}});
    return desk;
}

std::string progress_of(const Context& c, const Errand<ai::Trained>::Later& later) {
    if (later.waiting->place) return c.say(Text::avatar_training_place, {{"place", std::int64_t{*later.waiting->place} + 1}});
    return c.say(Text::avatar_training_since, {{"minutes", std::int64_t{std::chrono::duration_cast<std::chrono::minutes>(later.taken).count()}}});
}

Task<jobs::Ending> run(Workshop& shop, jobs::Running& job) {
    const auto client = co_await client_of(shop, job, Deadline::after(patience));
    const auto order = order_of(job.args());
    if (!client || !order || !job.operation()) co_return jobs::Again{1s, "the job's arguments are not complete"};
    const auto avatar = co_await avatars::find(shop.pool, job.user(), job.key(), order->avatar, Deadline::after(patience));
    if (!avatar || avatar->state != avatars::State::training || avatar->attempt != order->attempt) {
        co_await errand(shop, job, avatar.value_or(avatars::Avatar{})).cancel();
        co_return jobs::Dead(finish(shop, failed_desk(shop, job, *client, std::nullopt, *order, "gone")), "the avatar is gone");
    }
    auto training = errand(shop, job, *avatar);
    auto outcome = co_await training.pursue();
    if (auto* trained = std::get_if<ai::Trained>(&outcome)) co_return co_await complete(shop, job, *client, *avatar, *order, std::move(*trained));
    if (const auto* failed = std::get_if<Errand<ai::Trained>::Failed>(&outcome))
        co_return jobs::Dead(finish(shop, failed_desk(shop, job, *client, avatar, *order, failed->reason)), failed->reason);
    auto& later = std::get<Errand<ai::Trained>::Later>(outcome);
    if (later.waiting) co_await training.tell(*client, progress_of(client->context, later));
    co_return std::move(later.ending);
}

Task<jobs::Final> give_up(Workshop& shop, jobs::Running& job, jobs::Failure why) {
    const auto client = why == jobs::Failure::unreadable ? std::nullopt : co_await client_of(shop, job, Deadline::after(patience));
    const auto order = client ? order_of(job.args()) : std::nullopt;
    if (!order) co_return ended_unheard(job);
    const auto avatar = co_await avatars::find(shop.pool, job.user(), job.key(), order->avatar, Deadline::after(patience));
    co_await errand(shop, job, avatar.value_or(avatars::Avatar{})).cancel();
    const std::string reason = why == jobs::Failure::cancelled ? "cancelled" : "failed";
    co_return finish(shop, failed_desk(shop, job, *client, avatar, *order, reason));
}

}  // namespace

jobs::Handler train_handler(Workshop& shop) {
    return {.run = [&shop](jobs::Running& job) { return run(shop, job); },
            .give_up = [&shop](jobs::Running& job, jobs::Failure why) { return give_up(shop, job, why); },
            .parallel = 0};
}

}  // namespace persona::bot

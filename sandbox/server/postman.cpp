#include "sandbox/server/postman.hpp"

#include <fmt/format.h>

#include <charconv>

#include "http/message.hpp"

namespace persona::sandbox {
namespace {

constexpr auto longest_answer = 60s;  // as Telegram's "Read timeout expired"

http::Call request_of(const Bot& bot, const Update& update) {
    http::Call call{
        .method = "POST", .url = bot.webhook.url, .headers = {{"Content-Type", "application/json"}}, .body = update.body, .max_response = 1 << 20};
    if (!bot.webhook.secret.empty()) call.headers.add("X-Telegram-Bot-Api-Secret-Token", bot.webhook.secret);
    return call;
}

bool accepted(const http::Result& result) { return result && result->status >= 200 && result->status < 300; }

std::string reason_of(const http::Result& result) {
    if (result) return fmt::format("Wrong response from the webhook: {} {}", result->status, http::reason_phrase(result->status));
    return result.error().timed_out ? "Read timeout expired" : "Connection refused";
}

std::optional<std::chrono::seconds> retry_after_of(const http::Result& result) {
    if (!result) return std::nullopt;
    const auto text = result->headers.value("Retry-After");
    int seconds = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return std::chrono::seconds(seconds);
}

}  // namespace

Postman::Postman(Executor executor, Station& station, http::Client& client) : station_(station), client_(client), deliveries_(executor, "sandbox") {}

Task<void> Postman::run() {
    std::exception_ptr cancelled;
    try {
        while (true) {
            const auto now = wall_now();
            auto deadline = Deadline::never();
            for (auto& [id, bot] : station_.world.bots()) {
                if (!bot.delivery) continue;
                start_due(bot, now);
                if (const auto wake = bot.delivery->wake_at()) deadline = deadline.within(std::max<Micros>(*wake - now, 1ms));
            }
            co_await station_.updates().wait(deadline);
        }
    } catch (...) { cancelled = std::current_exception(); }
    co_await asio::this_coro::reset_cancellation_state();
    deliveries_.cancel();
    co_await deliveries_.join(Deadline::never());
    std::rethrow_exception(cancelled);
}

void Postman::start_due(Bot& bot, Time now) {
    std::vector<UpdateId> expired;
    bot.updates.expire(now, expired);
    station_.world.dropped(bot, expired);
    for (const auto due : bot.delivery->due(now)) deliveries_.spawn("webhook", deliver(bot.id, due.id, due.lane, bot.hook));
}

Task<void> Postman::deliver(BotId id, UpdateId update_id, std::int64_t lane, std::uint64_t hook) {
    auto& bot = *station_.world.bot(id);  // bots are never removed
    const auto* update = bot.updates.find(update_id);
    http::Result result = http::Reply{.status = 200};  // an update that expired while it waited is done
    if (update) result = co_await client_.send(request_of(bot, *update), Deadline::after(longest_answer));
    settle(bot, update_id, lane, hook, result);
    station_.world.flush();
    station_.updates_of(id).notify();
    station_.updates().notify();
}

void Postman::settle(Bot& bot, UpdateId update, std::int64_t lane, std::uint64_t hook, const http::Result& result) {
    const bool delivered = accepted(result);
    const bool done = delivered && bot.updates.confirm(update);
    station_.world.traffic.settled(update, delivered ? "delivered" : reason_of(result), wall_now());
    if (done) station_.world.dropped(bot, {update});
    if (!delivered) {
        bot.webhook.last_error_date = std::chrono::floor<std::chrono::seconds>(wall_now()).time_since_epoch().count();
        bot.webhook.last_error_message = reason_of(result);
    }
    if (!bot.delivery) return;
    if (bot.hook == hook)
        bot.delivery->finished(update, lane, {delivered, delivered && !done, retry_after_of(result)}, wall_now());
    else if (done)
        bot.delivery->gone(update, lane);  // the webhook was set anew meanwhile, and waits with the same update
}

}  // namespace persona::sandbox

#include "api/yookassa.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/payments/payments.hpp"

namespace persona::api {
namespace {

constexpr std::size_t most_bytes = 64 << 10;
constexpr auto patience = 20s;
constexpr auto between_alerts = std::chrono::hours(1);

http::Response later() {
    http::Response out = http::Response::empty(503);
    out.headers.add("Retry-After", "5");
    return out;
}

}  // namespace

http::Route YookassaDoor::route() {
    return {"POST", "/yookassa/webhook", [this](http::Request request) { return notified(std::move(request)); }, most_bytes};
}

Task<http::Response> YookassaDoor::notified(http::Request request) {
    const std::string from = http::origin_address(request, senders_.proxies);
    if (!senders_.trusted.contains(from)) {
        log(Level::error, "api", "a notification of a payment from a stranger", {{"address", from}});
        co_await alert_stranger();
        co_return http::Response::empty(403);
    }
    auto hint = yookassa::read_notification(request.body);
    if (!hint) co_return http::Response::empty(400);
    try {
        co_return co_await look(std::move(*hint));
    } catch (const Unavailable& e) { log(Level::warn, "api", "a notification of a payment is not taken now", {{"error", e.what()}}); }
    co_return later();
}

Task<http::Response> YookassaDoor::look(yookassa::Notification hint) {
    const auto deadline = Deadline::after(patience);
    const bool refund = hint.refund();
    const auto settled = refund ? co_await till_.look_at_refund(hint.object, deadline) : co_await till_.look_at_payment(hint.object, deadline);
    co_return settled ? http::Response::empty(200) : later();
}

// One row a day, and one try an hour: a stranger must not fill our database.
Task<void> YookassaDoor::alert_stranger() {
    if (quiet_ && !quiet_->passed()) co_return;
    quiet_ = Deadline::after(between_alerts);
    try {
        postgres::Work work;
        payments::alert(work, "stranger", "yookassa:" + to_iso(wall_now()).substr(0, 10),
                        "a notification of a payment from an address that is not YooKassa's");
        (void)co_await pool_.commit(std::move(work), Deadline::after(5s));
    } catch (const Unavailable&) { quiet_.reset(); }
}

}  // namespace persona::api

#include "app/money.hpp"

#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "postgres/lease.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/stars/statement.hpp"
#include "studio/payments/yookassa/statement.hpp"

namespace persona::app {
namespace {

constexpr auto between_rounds = 20s;
constexpr int long_round = 30;                                 // one of so many looks at all undecided orders: every ten minutes
constexpr std::chrono::seconds young = std::chrono::hours(1);  // most are paid by then
constexpr std::chrono::seconds old = std::chrono::days(8);     // YooKassa holds money for seven days
constexpr auto most_run = std::chrono::hours(1);

// Where the person goes after paying: the cabinet, as people reach it.
std::string return_url(const Settings& settings) {
    const std::string base = settings.is_set("public_url") ? settings.text("public_url") : "http://" + settings.text("http");
    return http::without_end_slash(base) + "/cabinet/";
}

Task<void> reconcile_due(postgres::Pool& pool, payments::Provider provider, payments::OpenStatement open,
                         payments::Second second = payments::Second::credit) {
    try {
        co_await payments::reconcile_daily(pool, provider, std::move(open), second, Deadline::after(most_run));
    } catch (const Unavailable& e) {
        log(Level::warn, "app", "a reconciliation waits for its provider", {{"provider", payments::word(provider)}, {"error", e.what()}});
    }
}

// What one round does; `number` counts rounds.
Task<void> look_once(postgres::Pool& pool, telegram::Api& api, Roubles* roubles, payments::Second second, int number) {
    const bool all = number % long_round == 0;
    co_await payments::expire(pool, Deadline::after(10s));
    if (roubles) {
        const auto decided = co_await roubles->till.look_after(all ? old : young, Deadline::after(std::chrono::minutes(5)));
        if (!decided) log(Level::warn, "app", "undecided orders wait for YooKassa", {{"error", decided.error().text()}});
    }
    if (!all) co_return;
    co_await reconcile_due(pool, payments::Provider::stars, statement_of(api), second);
    if (roubles) co_await reconcile_due(pool, payments::Provider::yookassa, statement_of(roubles->client));
}

Task<void> look_while_held(postgres::Pool& pool, telegram::Api& api, Roubles* roubles, payments::Second second, postgres::Lease& lease) {
    for (int number = 0;;) {
        if (!lease.held()) {
            number = 0;  // whoever had it may have left old orders
            (void)co_await lease.changed().wait(Deadline::after(between_rounds));
            continue;
        }
        try {
            co_await look_once(pool, api, roubles, second, number++);
        } catch (const Error& e) { log(Level::warn, "app", "payments are not looked after now", {{"error", e.what()}}); }
        co_await pause(between_rounds);
    }
}

}  // namespace

std::unique_ptr<Roubles> roubles(const Settings& settings, http::Client& http, postgres::Pool& pool) {
    if (!settings.is_set("yookassa.shop_id")) return nullptr;
    if (!settings.is_set("yookassa.secret_key")) throw BadConfig("YOOKASSA_SECRET_KEY is not set, and YOOKASSA_SHOP_ID is");
    return std::make_unique<Roubles>(http, pool,
                                     yookassa::Config{.base = yookassa::base_of(settings.text("yookassa.url")),
                                                      .shop = settings.text("yookassa.shop_id"),
                                                      .key = settings.secret("yookassa.secret_key")},
                                     yookassa::Terms{.capture = settings.flag("yookassa.capture"), .return_url = return_url(settings)});
}

yookassa::Sale rouble_sale(const Settings& settings) {
    const Coins price = settings.money("coin_price");
    if (!price.positive()) throw BadConfig("COIN_PRICE must be above zero");
    return {.coin_price = price, .order_minutes = static_cast<int>(settings.number("order_minutes"))};
}

api::YookassaSenders yookassa_senders(const Settings& settings) {
    return {networks_of(settings, "yookassa.trusted", "YOOKASSA_TRUSTED", api::yookassa_networks), trusted_proxies(settings)};
}

payments::Second second_stars(const Settings& settings) {
    return settings.text("stars.second") == "refund" ? payments::Second::refund : payments::Second::credit;
}

payments::OpenStatement statement_of(telegram::Api& api) {
    return [&api](payments::Period period) { return std::make_unique<stars::Statement>(api, period); };
}

payments::OpenStatement statement_of(yookassa::Client& client) {
    return [&client](payments::Period period) { return std::make_unique<yookassa::Statement>(client, period); };
}

Task<void> mind_money(postgres::Pool& pool, telegram::Api& api, Roubles* roubles, payments::Second second) {
    const auto executor = co_await asio::this_coro::executor;
    postgres::Lease lease(executor, pool, "payments");
    TaskGroup keeping(executor, "app");
    keeping.spawn("lease of payments", lease.keep());
    std::exception_ptr end;
    try {
        co_await look_while_held(pool, api, roubles, second, lease);
    } catch (...) { end = std::current_exception(); }
    co_await asio::this_coro::reset_cancellation_state();  // the lease is given up first
    keeping.cancel();
    co_await keeping.join(Deadline::never());
    std::rethrow_exception(end);
}

}  // namespace persona::app

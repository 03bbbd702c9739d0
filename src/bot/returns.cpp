#include "bot/returns.hpp"

#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/payments/payments.hpp"
#include "telegram/payment.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 10s;
constexpr auto between_looks = 15s;
constexpr int most_at_once = 20;

}  // namespace

Task<int> return_seconds_once(postgres::Pool& pool, telegram::Api& api) {
    int returned = 0;
    for (const auto& charge : co_await payments::to_return(pool, payments::Provider::stars, most_at_once, Deadline::after(patience))) {
        postgres::Work work;
        if (!co_await telegram::refund_stars(api, charge.payer, charge.id, Deadline::after(patience))) {
            // It waits for the operator, and not in front of the others.
            payments::alert(work, "not_returned", "stars:" + charge.id, "Telegram refuses to give a second payment back");
            (void)co_await pool.commit(std::move(work), Deadline::after(patience));
            continue;
        }
        payments::reverse(work, payments::Provider::stars, charge.id, charge.id, charge.amount, false);
        if (co_await pool.commit(std::move(work), Deadline::after(patience))) ++returned;
        log(Level::info, "bot", "a second payment went back", {{"charge", charge.id}, {"stars", charge.amount}});
    }
    co_return returned;
}

Task<void> return_seconds(postgres::Pool& pool, telegram::Api& api) {
    for (;;) {
        co_await pause(between_looks);
        try {
            co_await return_seconds_once(pool, api);
        } catch (const Error& e) { log(Level::warn, "bot", "second payments wait to be given back", {{"error", e.what()}}); }
    }
}

}  // namespace persona::bot

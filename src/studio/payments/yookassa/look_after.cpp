// What a lost notification or a lost answer left undecided.
#include "base/log.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/yookassa/till.hpp"

namespace persona::yookassa {
namespace {

constexpr auto provider = payments::Provider::yookassa;
constexpr int most_orders = 500;             // of one round
constexpr std::chrono::seconds in_hand{30};  // an order younger than this is being offered by whoever placed it
constexpr postgres::Query unnamed_query{
    "yookassa.unnamed",
    "SELECT id FROM orders WHERE provider = 'yookassa' AND state = 'open' AND remote_id IS NULL"
    " AND created_at > now() - make_interval(secs => $1::int) AND created_at < now() - make_interval(secs => $2::int)"
    " ORDER BY created_at LIMIT $3::int"};

constexpr int most_odd = 5;  // orders that YooKassa stumbles over, in one round: more of them, and it is not the orders

// Nobody there, or not for us: the others would be asked in vain. Else it is this order's own trouble, and the others go on.
bool away(const Trouble& trouble) { return trouble.status == 0 || trouble.status == 429 || trouble.kind == Trouble::Kind::unauthorized; }
bool gone(const Trouble& trouble) { return trouble.kind == Trouble::Kind::missing || trouble.kind == Trouble::Kind::refused; }

}  // namespace

// An order that YooKassa refuses is never paid; one that it does not answer for waits for the next round.
Task<Answer<void>> Till::repeat_offers(Deadline deadline) {
    const auto rows = co_await pool_.read(deadline, unnamed_query, std::chrono::seconds(key_life).count(), in_hand.count(), most_orders);
    int odd = 0;
    for (const auto row : rows) {
        const auto order = co_await payments::order(pool_, row.get<Uuid>(0), deadline);
        if (!order) continue;
        const auto url = co_await offer(*order, deadline);
        if (url) continue;
        if (!gone(url.error()) && (away(url.error()) || ++odd == most_odd)) co_return std::unexpected(url.error());
        if (!gone(url.error())) continue;
        log(Level::error, "payments", "YooKassa refuses an order", {{"order", order->id.text()}, {"error", url.error().text()}});
        co_await drop(order->id, deadline);
    }
    co_return Answer<void>();
}

Task<Answer<int>> Till::look_after(std::chrono::seconds age, Deadline deadline) {
    if (const auto offered = co_await repeat_offers(deadline); !offered) co_return std::unexpected(offered.error());
    int decided = 0, odd = 0;
    for (const payments::Order& order : co_await payments::undecided(pool_, provider, age, most_orders, deadline)) {
        const auto payment = co_await client_.payment(order.remote_id, deadline);
        if (!payment && !gone(payment.error())) {
            if (away(payment.error()) || ++odd == most_odd) co_return std::unexpected(payment.error());
            log(Level::warn, "payments", "an order is left for the next round", {{"payment", order.remote_id}, {"error", payment.error().text()}});
            continue;
        }
        if (!payment) {  // of another shop than the one that is configured now; if it is paid all the same, it will be credited
            log(Level::error, "payments", "YooKassa does not know a payment of ours", {{"payment", order.remote_id}});
            co_await drop(order.id, deadline);
            continue;
        }
        const auto settled = co_await settle(*payment, deadline);
        if (!settled && (away(settled.error()) || ++odd == most_odd)) co_return std::unexpected(settled.error());
        if (!settled) continue;
        decided += *settled != Settled::waits;
    }
    co_return decided;
}

}  // namespace persona::yookassa

#include "studio/payments/payments.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace persona::payments {
namespace {

#define PERSONA_ORDER_COLUMNS                                                                                                                 \
    "SELECT o.id, o.user_id, o.provider, o.coins, o.bonus, o.price, o.promo_use, o.state, o.expires_at < now(), o.remote_id, o.remote_url, "  \
    "u.telegram_id, u.banned_at IS NOT NULL, o.promo_use IS NULL OR EXISTS (SELECT FROM promo_uses p WHERE p.id = o.promo_use AND p.state = " \
    "'waiting') FROM orders o JOIN users u ON u.id = o.user_id "

constexpr postgres::Query place_query{
    "payments.place", "SELECT order_place($1::uuid, $2::bigint, $3, $4::numeric, $5::numeric, $6::bigint, $7, $8::uuid, $9, $10::int)"};
constexpr postgres::Query name_query{"payments.name",
                                     "UPDATE orders SET remote_id = $2, remote_url = $3 WHERE id = $1::uuid AND remote_id IS DISTINCT FROM $2"};
constexpr postgres::Query cancel_query{"payments.cancel", "SELECT order_cancel($1::uuid)"};
constexpr postgres::Query order_query{"payments.order", PERSONA_ORDER_COLUMNS "WHERE o.id = $1::uuid"};
constexpr postgres::Query remote_query{"payments.remote", PERSONA_ORDER_COLUMNS "WHERE o.provider = $1 AND o.remote_id = $2"};
constexpr postgres::Query undecided_query{
    "payments.undecided", PERSONA_ORDER_COLUMNS
    "WHERE o.provider = $1 AND o.state IN ('open', 'expired') AND o.remote_id IS NOT NULL AND o.created_at > now() - make_interval(secs => $2::int)"
    " ORDER BY o.created_at LIMIT $3::int"};
constexpr postgres::Query expire_query{"payments.expire", "SELECT orders_expire()"};
constexpr postgres::Query credit_query{"payments.credit", "SELECT payment_credit($1, $2, $3::uuid, $4::bigint, $5::bigint, $6, $7, $8::boolean)"};
constexpr postgres::Query reverse_query{"payments.reverse", "SELECT payment_reverse($1, $2, $3, $4::bigint, $5::boolean)"};
constexpr postgres::Query event_query{"payments.event", "SELECT provider_event($1, $2, $3)"};
constexpr postgres::Query alert_query{"payments.alert", "SELECT money_alert($1, $2, $3)"};

#define PERSONA_CHARGE_COLUMNS                                                                                                                      \
    "SELECT c.charge, c.order_id, u.telegram_id, c.amount, c.coins, c.bonus, c.taken, (SELECT coalesce(sum(r.amount), 0)::bigint FROM reversals r " \
    "WHERE r.provider = c.provider AND r.charge = c.charge), c.at FROM charges c JOIN users u ON u.id = c.user_id "
constexpr postgres::Query charge_query{"payments.charge", PERSONA_CHARGE_COLUMNS "WHERE c.provider = $1 AND c.charge = $2"};
constexpr postgres::Query to_return_query{"payments.to_return", PERSONA_CHARGE_COLUMNS
                                          "JOIN charges_to_return b USING (provider, charge) WHERE c.provider = $1 ORDER BY c.at LIMIT $2::int"};
constexpr postgres::Query alerts_query{"payments.alerts",
                                       "SELECT id, kind, key, detail, at FROM money_alerts WHERE resolved_at IS NULL ORDER BY id LIMIT $1::int"};
constexpr postgres::Query resolve_query{"payments.resolve",
                                        "UPDATE money_alerts SET resolved_at = now() WHERE id = $1::bigint AND resolved_at IS NULL"};

constexpr std::array<std::string_view, 2> provider_words{"stars", "yookassa"}, currencies{"XTR", "RUB"};
constexpr std::array<std::string_view, 4> state_words{"open", "paid", "cancelled", "expired"};
constexpr std::array<std::string_view, 5> credit_words{"credited", "again", "return", "mismatch", "unknown"};

template <class Enum, std::size_t n>
Enum read(const std::array<std::string_view, n>& words, std::string_view text) {
    const auto at = std::ranges::find(words, text);
    if (at == words.end()) throw Corrupt("an unknown word in the payments");
    return static_cast<Enum>(at - words.begin());
}

Order order_of(const postgres::Row& row) {
    return {.id = row.get<Uuid>(0),
            .user = row.get<UserId>(1),
            .provider = read<Provider>(provider_words, row.get<std::string>(2)),
            .coins = row.get<Coins>(3),
            .bonus = row.get<Coins>(4),
            .price = row.get<std::int64_t>(5),
            .promo = row.maybe<Uuid>(6),
            .state = read<Order::State>(state_words, row.get<std::string>(7)),
            .late = row.get<bool>(8),
            .remote_id = row.maybe<std::string>(9).value_or(""),
            .remote_url = row.maybe<std::string>(10).value_or(""),
            .owner = row.get<TelegramId>(11),
            .banned = row.get<bool>(12),
            .promo_waits = row.get<bool>(13)};
}

Known known_of(const postgres::Row& row) {
    return {.id = row.get<std::string>(0),
            .order = row.get<Uuid>(1),
            .payer = row.get<TelegramId>(2),
            .amount = row.get<std::int64_t>(3),
            .coins = row.get<Coins>(4),
            .bonus = row.get<Coins>(5),
            .taken = row.get<Coins>(6),
            .returned = row.get<std::int64_t>(7),
            .at = row.get<Time>(8)};
}

std::string_view word(Second second) { return second == Second::credit ? "credit" : "refund"; }

}  // namespace

std::string_view word(Provider provider) { return provider_words[static_cast<std::size_t>(provider)]; }
std::string_view currency(Provider provider) { return currencies[static_cast<std::size_t>(provider)]; }

std::optional<Provider> provider_of(std::string_view text) {
    const auto at = std::ranges::find(provider_words, text);
    return at == provider_words.end() ? std::nullopt : std::optional(static_cast<Provider>(at - provider_words.begin()));
}

std::size_t place(postgres::Work& work, const Order& order, int minutes) {
    return work.add(place_query, order.id, order.user, word(order.provider), order.coins, order.bonus, order.price, currency(order.provider),
                    order.promo, order.resume.empty() ? std::nullopt : std::optional(order.resume), minutes);
}

std::size_t name_remote(postgres::Work& work, Uuid order, std::string_view remote_id, std::string_view remote_url) {
    return work.add(name_query, order, remote_id, remote_url);
}

std::size_t cancel(postgres::Work& work, Uuid order) { return work.add(cancel_query, order); }

Task<std::optional<Order>> order(postgres::Pool& pool, Uuid id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, order_query, id);
    if (rows.empty()) co_return std::nullopt;
    co_return order_of(rows[0]);
}

Task<std::optional<Order>> order_of_remote(postgres::Pool& pool, Provider provider, std::string remote_id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, remote_query, word(provider), remote_id);
    if (rows.empty()) co_return std::nullopt;
    co_return order_of(rows[0]);
}

Task<std::vector<Order>> undecided(postgres::Pool& pool, Provider provider, std::chrono::seconds age, int most, Deadline deadline) {
    std::vector<Order> out;
    for (const auto row : co_await pool.read(deadline, undecided_query, word(provider), age.count(), most)) out.push_back(order_of(row));
    co_return out;
}

Task<std::int64_t> expire(postgres::Pool& pool, Deadline deadline) {
    postgres::Work work;
    work.add(expire_query);
    const auto done = co_await pool.commit(std::move(work), deadline);
    co_return done ? done->front().value<std::int64_t>() : 0;
}

std::size_t credit(postgres::Work& work, const Charge& charge, Second second) {
    return work.add(credit_query, word(charge.provider), charge.id, charge.order, charge.payer, charge.amount, charge.currency, word(second),
                    charge.tell);
}

Credit credit_of(std::string_view value) { return read<Credit>(credit_words, value); }

std::size_t reverse(postgres::Work& work, Provider provider, std::string_view refund, std::string_view charge, std::int64_t amount, bool tell) {
    return work.add(reverse_query, word(provider), refund, charge, amount, tell);
}

std::size_t note_event(postgres::Work& work, Provider provider, std::string_view object, std::string_view event) {
    return work.add(event_query, word(provider), object, event);
}

std::size_t alert(postgres::Work& work, std::string_view kind, std::string_view key, std::string_view detail) {
    return work.add(alert_query, kind, key, detail);
}

Task<std::vector<Known>> to_return(postgres::Pool& pool, Provider provider, int most, Deadline deadline) {
    std::vector<Known> out;
    for (const auto row : co_await pool.read(deadline, to_return_query, word(provider), most)) out.push_back(known_of(row));
    co_return out;
}

Task<std::optional<Known>> charge(postgres::Pool& pool, Provider provider, std::string id, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, charge_query, word(provider), id);
    if (rows.empty()) co_return std::nullopt;
    co_return known_of(rows[0]);
}

Task<std::vector<Alert>> alerts(postgres::Pool& pool, int most, Deadline deadline) {
    std::vector<Alert> out;
    for (const auto row : co_await pool.read(deadline, alerts_query, most))
        out.push_back({row.get<std::int64_t>(0), row.get<std::string>(1), row.get<std::string>(2), row.get<std::string>(3), row.get<Time>(4)});
    co_return out;
}

std::size_t resolve(postgres::Work& work, std::int64_t alert) { return work.add(resolve_query, alert); }

}  // namespace persona::payments

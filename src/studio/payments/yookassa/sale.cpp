#include "studio/payments/yookassa/sale.hpp"

#include "base/error.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/promo.hpp"

namespace persona::yookassa {
namespace {

constexpr postgres::Query lately_query{
    "yookassa.lately", "SELECT count(*) FROM orders WHERE user_id = $1::bigint AND provider = 'yookassa' AND created_at > now() - interval '1 hour'"};

}  // namespace

std::int64_t price_of(Coins coins, Coins coin_price) {
    constexpr std::int64_t whole = 100;  // hundredths of a coin by hundredths of a rouble are ten thousandths
    return (coins.value() * coin_price.value() + whole - 1) / whole;
}

payments::Order order_for(UserId user, Coins coins, const std::optional<promo::Waiting>& code, const Sale& sale) {
    const auto [price, bonus] = promo::terms(coins, price_of(coins, sale.coin_price), code);
    return {.id = Uuid::v7(),
            .user = user,
            .provider = payments::Provider::yookassa,
            .coins = coins,
            .bonus = bonus,
            .price = price,
            .promo = code ? std::optional(code->use) : std::nullopt};
}

Task<std::expected<payments::Order, NotPlaced>> place(postgres::Pool& pool, UserId user, Coins coins, Sale sale, Deadline deadline) {
    if (coins < sale.least || coins > sale.most) co_return std::unexpected(NotPlaced::amount);
    const auto lately = (co_await pool.read(deadline, lately_query, user)).value<std::int64_t>();
    if (lately >= sale.most_an_hour) co_return std::unexpected(NotPlaced::too_often);
    payments::Order order = order_for(user, coins, co_await promo::waiting(pool, user, deadline), sale);
    postgres::Work work;
    payments::place(work, order, sale.order_minutes);
    if (const auto done = co_await pool.commit(std::move(work), deadline); !done) throw Error("an order was refused: " + done.error().code);
    co_return order;
}

}  // namespace persona::yookassa

// Verification must be able to say no: each act breaks one rule of the payments behind the functions' back.
#include "unit/studio/till.hpp"

namespace persona::payments {
namespace {

using namespace test;

struct Case {
    std::string_view rule;
    std::string_view act;
};
const Case cases[]{
    {"charge of a provider without its one credit",
     "INSERT INTO charges (provider, charge, order_id, user_id, amount, coins, bonus) SELECT 'stars', 'c2', id, 1, 80, 100, 0 FROM orders"},
    {"charge of a provider without its one credit", "UPDATE charges SET bonus = 1"},
    {"row of a charge that is not there", "SELECT wallet_post(1, 5, 'topup', 'topup:stars:c2', 'provider:stars', '')"},
    {"row of a charge that is not there", "SELECT wallet_post(1, 5, 'topup', 'gift', 'provider:yookassa', '')"},
    {"row of a charge that is not there", "SELECT wallet_post(1, -5, 'refund', 'reversal:stars:c2:80', 'provider:stars', '')"},
    {"refund of a provider without its reversal", "INSERT INTO reversals (provider, refund, charge, amount) VALUES ('stars', 'r1', 'c1', 8)"},
    {"refund of a provider without its reversal", "UPDATE charges SET taken = 1"},
    {"promo code given without its use", "SELECT wallet_post(1, 5, 'promo', 'promo:x', 'promotion', '')"},
    {"promo code used without its coins",
     "WITH used AS (UPDATE promo_codes SET uses = 1) INSERT INTO promo_uses (id, code, user_id, state) VALUES (gen_random_uuid(), 'FIFTY', 1, "
     "'given')"},
    {"promo code used more often than counted", "UPDATE promo_codes SET uses = 1"},
};

TEST(PaymentFaults, P15_EveryBrokenRuleIsFound) {
    for (const Case& broken : cases) {
        const std::string dsn = postgres_dsn();
        run([&]() -> Task<void> {
            Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            co_await add_people(pool, 1, Coins());
            co_await answer(pool, one(promo::create, promo::Code{.code = "FIFTY", .value = coins("50"), .created_by = "test"}));
            EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), "c1")), "credited");
            EXPECT_TRUE((co_await wallet::verify(pool, soon())).empty());
            const postgres::Query query{"test.break", broken.act};
            co_await act(pool, query);
            const auto faults = co_await wallet::verify(pool, soon());
            EXPECT_EQ(faults.size(), 1u) << broken.act;
            if (!faults.empty()) EXPECT_EQ(faults[0].rule, broken.rule) << broken.act;
            pool.close();
        });
    }
}

}  // namespace
}  // namespace persona::payments

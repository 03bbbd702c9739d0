// A database with people who buy coins: what the tests of payments, promo codes and notices share. At the end of each the ledger is
// proved.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/task_group.hpp"
#include "studio/payments/payments.hpp"
#include "studio/payments/promo.hpp"
#include "studio/wallet/wallet.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::test {

using postgres::Pool;
using postgres::Work;

inline constexpr UserId ann{1}, bob{2};
inline Deadline soon() { return Deadline::after(20s); }
inline Coins coins(std::string_view text) { return *Coins::parse(text); }

inline Work one(auto append, auto... arguments) {
    Work work;
    append(work, arguments...);
    return work;
}

// The value of the first row, or the code of the refusal; "" where there is neither.
inline Task<std::string> answer(Pool& pool, Work work) {
    const auto result = co_await pool.commit(std::move(work), soon());
    if (!result) co_return result.error().code;
    if (result->front().empty() || result->front()[0].is_null(0)) co_return "";
    co_return result->front()[0].get<std::string>(0);
}

// All of them at the same time, sorted.
inline Task<std::vector<std::string>> answers(Pool& pool, std::vector<Work> works) {
    std::vector<std::string> out;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    for (Work& work : works)
        group.spawn("commit", [](Pool& on, Work what, std::vector<std::string>& all) -> Task<void> {
            all.push_back(co_await answer(on, std::move(what)));
        }(pool, std::move(work), out));
    co_await group.join(soon());
    std::ranges::sort(out);
    co_return out;
}

inline Task<std::string> balance(Pool& pool, UserId user = ann) { co_return (co_await wallet::balance(pool, user, soon())).coins.text(); }

// The amounts of a user's ledger, oldest first.
inline Task<std::vector<std::string>> amounts(Pool& pool, UserId user = ann) {
    std::vector<std::string> out;
    for (const auto& entry : co_await wallet::entries(pool, user, 0, 1000, soon())) out.insert(out.begin(), entry.amount.text());
    co_return out;
}

// For what no function of ours does: one statement, by its text.
inline Task<void> act(Pool& pool, postgres::Query query) {
    const auto done = co_await pool.commit(one([&](Work& work) { work.add(query); }), soon());
    EXPECT_TRUE(done) << query.name;
}

inline constexpr std::int64_t price = 80;  // Stars for 100 coins

inline Task<Uuid> new_order(Pool& pool, payments::Order order, int minutes = 30) {
    if (order.id == Uuid{}) order.id = Uuid::v7();
    if (order.user == UserId{}) order.user = ann;
    if (order.coins == Coins()) order.coins = coins("100");
    if (order.price == 0) order.price = price;
    EXPECT_EQ(co_await answer(pool, one(payments::place, order, minutes)), "");
    co_return order.id;
}

inline payments::Charge charge_of(Uuid order, std::string id, std::int64_t amount = price, std::optional<UserId> payer = ann) {
    return {.provider = payments::Provider::stars, .id = std::move(id), .order = order, .payer = payer, .amount = amount, .currency = "XTR"};
}
inline Task<std::string> pay(Pool& pool, payments::Charge charge, payments::Second second = payments::Second::credit) {
    co_return co_await answer(pool, one(payments::credit, charge, second));
}
inline Work returning(std::string refund, std::string charge, std::int64_t amount) {
    return one([&](Work& work) { payments::reverse(work, payments::Provider::stars, refund, charge, amount, true); });
}

struct Till : testing::Test {
    std::string dsn = postgres_dsn();

    void with(int people, auto body) {
        run([&]() -> Task<void> {
            Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 8, .writers = 8});
            co_await add_people(pool, people, Coins());
            co_await body(pool);
            for (const auto& fault : co_await wallet::verify(pool, soon())) ADD_FAILURE() << fault.rule << ": " << fault.detail;
            pool.close();
        });
    }
};

}  // namespace persona::test

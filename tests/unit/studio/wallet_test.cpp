#include "studio/wallet/wallet.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "async/task_group.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::wallet {
namespace {

using postgres::Pool;
using postgres::Work;
using testing::IsEmpty;

constexpr UserId ann{1}, unknown{404};
Deadline soon() { return Deadline::after(20s); }
Coins coins(std::string_view text) { return *Coins::parse(text); }
OperationId operation() { return OperationId(Uuid::v7()); }

// What became of a Work: nothing where it committed.
Task<std::optional<Refused>> outcome(Pool& pool, Work work) {
    const auto result = co_await pool.commit(std::move(work), soon());
    if (result) co_return std::nullopt;
    const auto why = refused(result.error());
    if (!why) throw Error("another room refused: " + result.error().code);
    co_return why;
}

Work one(auto append, auto... arguments) {
    Work work;
    append(work, arguments...);
    return work;
}
Work holding(OperationId id, std::string_view price, UserId user = ann) { return one(hold, user, id, coins(price), "transcription"); }
Work capturing(OperationId id, std::string_view amount) { return one(capture, id, coins(amount), "test"); }
Work voiding(OperationId id) { return one(void_hold, id, "failed"); }
Work refunding(OperationId id) { return one(refund, id, "failed"); }
Work posting(std::string_view amount, Kind kind, std::string key) {
    return one([=](Work& work) { post(work, ann, coins(amount), kind, key, "promotion", "test"); });
}

constexpr postgres::Query count_rows{"test.count", "SELECT count(*) FROM transactions WHERE user_id = $1::bigint"};

// A database with one user, and the proof at the end that no rule of the ledger is broken.
struct Wallet : testing::Test {
    std::string dsn = test::postgres_dsn();

    void with(std::string_view welcome, auto body) {
        run([&]() -> Task<void> {
            Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 8, .writers = 8});
            co_await test::add_people(pool, 1, coins(welcome));
            co_await body(pool);
            for (const Fault& fault : co_await verify(pool, soon())) ADD_FAILURE() << fault.rule << ": " << fault.detail;
            pool.close();
        });
    }
    static Task<void> expect(Pool& pool, std::string_view sum, std::string_view held, std::int64_t rows) {
        const Balance now = co_await balance(pool, ann, soon());
        EXPECT_EQ(now.coins.text(), sum);
        EXPECT_EQ(now.held.text(), held);
        EXPECT_EQ((co_await pool.read(soon(), count_rows, ann)).value<std::int64_t>(), rows);
    }
};

// Commits all of them at once, each on a connection of its own; gives how many were done.
Task<int> at_once(Pool& pool, std::vector<Work> works) {
    int done = 0;
    TaskGroup group(co_await asio::this_coro::executor, "test");
    for (Work& work : works)
        group.spawn("commit", [](Pool& on, Work what, int& count) -> Task<void> {
            if (!co_await outcome(on, std::move(what))) ++count;
        }(pool, std::move(work), done));
    co_await group.join(soon());
    co_return done;
}

TEST_F(Wallet, P1_OneOfTwoParallelWithdrawalsSucceeds) {
    with("100", [](Pool& pool) -> Task<void> {
        std::vector<Work> rivals;
        for (const char* key : {"adjustment:a", "adjustment:b"}) rivals.push_back(posting("-80", Kind::adjustment, key));
        EXPECT_EQ(co_await at_once(pool, std::move(rivals)), 1);
        co_await expect(pool, "20.00", "0.00", 2);
    });
}

TEST_F(Wallet, P1_OneOfTwoParallelHoldsSucceeds) {
    with("100", [](Pool& pool) -> Task<void> {
        std::vector<Work> rivals;
        for (int i = 0; i < 2; ++i) rivals.push_back(holding(operation(), "80"));
        EXPECT_EQ(co_await at_once(pool, std::move(rivals)), 1);
        co_await expect(pool, "100.00", "80.00", 1);
    });
}

TEST_F(Wallet, P2_ParallelCreditsAddUp) {
    with("0", [](Pool& pool) -> Task<void> {
        std::vector<Work> credits;
        for (const char* amount : {"100", "50", "30", "20"}) credits.push_back(posting(amount, Kind::bonus, std::string("bonus:") + amount));
        EXPECT_EQ(co_await at_once(pool, std::move(credits)), 4);
        co_await expect(pool, "200.00", "0.00", 4);
    });
}

TEST_F(Wallet, P2_OneKeyCreditsOnceHoweverManyTry) {
    with("0", [](Pool& pool) -> Task<void> {
        std::vector<Work> same;
        for (int i = 0; i < 8; ++i) same.push_back(posting("100", Kind::topup, "topup:stars:1"));
        EXPECT_EQ(co_await at_once(pool, std::move(same)), 8);
        co_await expect(pool, "100.00", "0.00", 1);
    });
}

TEST_F(Wallet, P3_RefusesOverdraftToTheHundredth) {
    with("50", [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await outcome(pool, holding(operation(), "50.01")), Refused::not_enough);
        EXPECT_EQ(co_await outcome(pool, posting("-50.01", Kind::adjustment, "adjustment:1")), Refused::not_enough);
        co_await expect(pool, "50.00", "0.00", 1);
        const auto id = operation();
        EXPECT_EQ(co_await outcome(pool, holding(id, "50.00")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(id, "50.00")), std::nullopt);
        co_await expect(pool, "0.00", "0.00", 2);
    });
}

TEST_F(Wallet, P3_HeldCoinsCannotBeTakenByAnother) {
    with("50", [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await outcome(pool, holding(operation(), "30")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, posting("-20.01", Kind::adjustment, "adjustment:1")), Refused::not_enough);
        EXPECT_EQ(co_await outcome(pool, holding(operation(), "20.00")), std::nullopt);
        co_await expect(pool, "50.00", "50.00", 1);
    });
}

TEST_F(Wallet, P4_RefusesWhatIsNoAmount) {
    // What C++ cannot even write (NaN, a third decimal) is refused by the database too.
    static constexpr postgres::Query raw_post{"test.post", "SELECT wallet_post(1, $1::numeric, 'bonus', 'bonus:x', 'promotion', '')"};
    static constexpr postgres::Query raw_hold{"test.hold", "SELECT wallet_hold(1, gen_random_uuid(), $1::numeric, 'test')"};
    static constexpr postgres::Query raw_capture{"test.capture", "SELECT wallet_capture(gen_random_uuid(), $1::numeric, 'test')"};
    with("50", [](Pool& pool) -> Task<void> {
        for (const char* amount : {"0", "NaN", "Infinity", "0.001", "12.345", "10000000000000000"})
            for (const auto* call : {&raw_post, &raw_hold, &raw_capture})
                EXPECT_EQ(co_await outcome(pool, one([&](Work& work) { work.add(*call, amount); })), Refused::bad_amount) << call->name << amount;
        for (const auto* call : {&raw_hold, &raw_capture})
            EXPECT_EQ(co_await outcome(pool, one([&](Work& work) { work.add(*call, "-1"); })), Refused::bad_amount) << call->name;
        EXPECT_EQ(co_await outcome(pool, one([](Work& work) { work.add(raw_hold, std::optional<Coins>()); })), Refused::bad_amount);
        co_await expect(pool, "50.00", "0.00", 1);
    });
    for (const char* amount : {"NaN", "0.001", "1e3", "", "ten"}) EXPECT_EQ(Coins::parse(amount), std::nullopt) << amount;
}

TEST_F(Wallet, P5_AThousandTenthsAreAHundred) {
    with("0", [](Pool& pool) -> Task<void> {
        std::vector<Work> tenths;
        for (int i = 0; i < 1000; ++i) tenths.push_back(posting("0.10", Kind::bonus, "bonus:" + std::to_string(i)));
        EXPECT_EQ(co_await at_once(pool, std::move(tenths)), 1000);
        co_await expect(pool, "100.00", "0.00", 1000);
    });
}

TEST_F(Wallet, P10_AFailedOperationIsGivenBackOnce) {
    with("50", [](Pool& pool) -> Task<void> {
        const auto late = operation(), early = operation();
        for (const auto id : {late, early}) EXPECT_EQ(co_await outcome(pool, holding(id, "20")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(late, "20")), std::nullopt);
        for (int path = 0; path < 3; ++path) {
            EXPECT_EQ(co_await outcome(pool, refunding(late)), std::nullopt);
            EXPECT_EQ(co_await outcome(pool, voiding(early)), std::nullopt);
        }
        EXPECT_EQ(co_await outcome(pool, refunding(early)), Refused::decided);
        co_await expect(pool, "50.00", "0.00", 3);  // welcome, charge, refund; the void left no row
        const auto rows = co_await entries(pool, ann, 0, 10, soon());
        EXPECT_EQ(rows[0].amount, -rows[1].amount);
    });
}

TEST_F(Wallet, P11_ADecidedOperationIsNeverHeldAgain) {
    with("50", [](Pool& pool) -> Task<void> {
        const auto done = operation(), failed = operation();
        for (const auto id : {done, failed}) EXPECT_EQ(co_await outcome(pool, holding(id, "5")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, holding(done, "5")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, holding(done, "6")), Refused::other_use);
        EXPECT_EQ(co_await outcome(pool, capturing(done, "5")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(done, "5")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(done, "4")), Refused::decided);
        EXPECT_EQ(co_await outcome(pool, voiding(failed)), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(failed, "5")), Refused::decided);
        for (const auto id : {done, failed}) EXPECT_EQ(co_await outcome(pool, holding(id, "5")), Refused::decided);
        co_await expect(pool, "45.00", "0.00", 2);
    });
}

TEST_F(Wallet, P11_RivalsWithOneOperationHoldOnce) {
    with("50", [](Pool& pool) -> Task<void> {
        for (int round = 0; round < 10; ++round) {
            const auto id = operation();
            std::vector<Work> same;
            for (int i = 0; i < 8; ++i) same.push_back(holding(id, "5"));
            EXPECT_EQ(co_await at_once(pool, std::move(same)), 8);
            EXPECT_EQ(co_await outcome(pool, voiding(id)), std::nullopt);
        }
        co_await expect(pool, "50.00", "0.00", 1);
    });
}

// Coins for one of them: the others must not hear that there are none, what they ask for is there.
TEST_F(Wallet, P11_RivalsForTheLastCoinsAreAnsweredAlike) {
    with("50", [](Pool& pool) -> Task<void> {
        for (int round = 0; round < 10; ++round) {
            const auto id = operation();
            const std::string key = "adjustment:" + std::to_string(round);
            std::vector<Work> holds, debits;
            for (int i = 0; i < 8; ++i) holds.push_back(holding(id, "50"));
            EXPECT_EQ(co_await at_once(pool, std::move(holds)), 8);
            EXPECT_EQ(co_await outcome(pool, voiding(id)), std::nullopt);
            for (int i = 0; i < 8; ++i) debits.push_back(posting("-50", Kind::adjustment, key));
            EXPECT_EQ(co_await at_once(pool, std::move(debits)), 8);
            EXPECT_EQ(co_await outcome(pool, posting("50", Kind::bonus, "bonus:" + key)), std::nullopt);
        }
        co_await expect(pool, "50.00", "0.00", 21);
    });
}

TEST_F(Wallet, P12_NothingIsFreeForTheUnregistered) {
    with("50", [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await outcome(pool, holding(operation(), "5", unknown)), Refused::no_balance);
        EXPECT_EQ(co_await outcome(pool, capturing(operation(), "5")), Refused::no_hold);
        EXPECT_EQ(co_await outcome(pool, one(post, unknown, coins("5"), Kind::bonus, "bonus:1", "promotion", "")), Refused::no_balance);
        EXPECT_EQ((co_await balance(pool, unknown, soon())).available(), Coins());
    });
}

TEST_F(Wallet, P15_OnlyAProvidersRefundLeavesADebtAndItBlocksNothingThatWasHeld) {
    with("0", [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await outcome(pool, posting("100", Kind::topup, "topup:stars:1")), std::nullopt);
        const auto id = operation();
        EXPECT_EQ(co_await outcome(pool, holding(id, "60")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, posting("-100", Kind::refund, "reversal:stars:1")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, holding(operation(), "0.01")), Refused::not_enough);
        EXPECT_EQ(co_await outcome(pool, capturing(id, "40")), std::nullopt);
        co_await expect(pool, "-40.00", "0.00", 3);
        EXPECT_EQ(co_await outcome(pool, posting("-1", Kind::adjustment, "adjustment:1")), Refused::not_enough);
        EXPECT_EQ(co_await outcome(pool, posting("30", Kind::topup, "topup:stars:2")), std::nullopt);
        co_await expect(pool, "-10.00", "0.00", 4);
    });
}

TEST_F(Wallet, P15_ThePartOfAHoldThatWasNotDeliveredIsReleased) {
    with("50", [](Pool& pool) -> Task<void> {
        const auto id = operation();
        EXPECT_EQ(co_await outcome(pool, holding(id, "30")), std::nullopt);
        EXPECT_EQ(co_await outcome(pool, capturing(id, "30.01")), Refused::decided);
        EXPECT_EQ(co_await outcome(pool, capturing(id, "10")), std::nullopt);
        co_await expect(pool, "40.00", "0.00", 2);
    });
}

TEST_F(Wallet, EntriesComeNewestFirstInPages) {
    with("50", [](Pool& pool) -> Task<void> {
        for (const char* key : {"bonus:1", "bonus:2", "bonus:3"}) EXPECT_EQ(co_await outcome(pool, posting("1", Kind::bonus, key)), std::nullopt);
        const auto first = co_await entries(pool, ann, 0, 3, soon());
        EXPECT_EQ(first[0].key, "bonus:3");
        EXPECT_EQ(first[0].balance_after.text(), "53.00");
        const auto rest = co_await entries(pool, ann, first.back().id, 3, soon());
        EXPECT_EQ(rest.size(), 1u);
        EXPECT_EQ(rest[0].description, "welcome");
        EXPECT_EQ(rest[0].kind, Kind::bonus);
    });
}

// Verification must be able to say no: each act breaks one rule behind the functions' back.
TEST(WalletVerify, P15_FindsEveryBrokenRule) {
    struct Case {
        std::string_view rule, act;
    };
    static constexpr Case cases[]{
        {"balance is not the sum of its rows", "UPDATE user_balances SET coins = coins + 1"},
        {"held is not the sum of open holds", "UPDATE user_balances SET held = held + 1"},
        {"charge without a captured hold",
         "INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, balance_after) VALUES (1, -1, 'charge', 'charge:x', '', "
         "0)"},
        {"refund without its charge",
         "INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, balance_after) VALUES (1, 1, 'refund', 'refund:x', '', "
         "0)"},
        {"captured hold without its charge",
         "DO $$ BEGIN INSERT INTO holds (operation, user_id, price, service) VALUES (gen_random_uuid(), 1, 1, 'x'); "
         "UPDATE holds SET state = 'captured', captured = 1, decided_at = now(); UPDATE user_balances SET held = held - 1; END $$"},
        {"user without a balance", "INSERT INTO users (id, telegram_id) VALUES (2, 2)"},
        {"hold outlives its job",
         "INSERT INTO holds (operation, user_id, price, service, created_at) VALUES (gen_random_uuid(), 1, 1, 'x', now() - interval '61 minutes')"},
    };
    for (const Case& broken : cases) {
        const std::string dsn = test::postgres_dsn();
        run([&]() -> Task<void> {
            Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            co_await test::add_people(pool, 1, coins("50"));
            EXPECT_THAT(co_await verify(pool, soon()), IsEmpty());
            const postgres::Query act{"test.act", broken.act};
            co_await pool.read(soon(), act);
            const auto faults = co_await verify(pool, soon());
            EXPECT_EQ(faults.size(), 1u) << broken.rule;
            if (!faults.empty()) EXPECT_EQ(faults[0].rule, broken.rule);
            pool.close();
        });
    }
}

TEST(WalletRefused, MapsOurCodesAndNoOthers) {
    EXPECT_EQ(refused({"PS016", ""}), Refused::no_hold);
    EXPECT_EQ(refused({"PS015", ""}), std::nullopt);
    EXPECT_EQ(refused({"PS001", ""}), std::nullopt);
}

TEST_F(Wallet, TheLedgerIsFinal) {
    static constexpr postgres::Query changes[]{{"test.update", "UPDATE transactions SET amount = 1"},
                                               {"test.delete", "DELETE FROM transactions"},
                                               {"test.truncate", "TRUNCATE transactions CASCADE"}};
    with("50", [](Pool& pool) -> Task<void> {
        for (const auto& change : changes) {
            Work work;
            work.add(change);
            const auto result = co_await pool.commit(std::move(work), soon());
            EXPECT_EQ(result ? "done" : result.error().code, "PS015") << change.name;
        }
    });
}

// What no code of ours does is refused too: whoever writes the rows, by hand even.
TEST_F(Wallet, TheDatabaseRefusesRowsThatCannotBe) {
    static constexpr std::string_view open = "INSERT INTO holds (operation, user_id, price, service) VALUES (gen_random_uuid(), 1, ";
    struct Case {
        std::string act, state;
    };
    const auto hold = [](std::string_view rest) { return std::string(open) + std::string(rest); };
    const auto row = [](std::string_view type, std::string_view amount, std::string_view released = "0") {
        return fmt::format(
            "INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, released, balance_after) "
            "VALUES (1, {}, '{}', gen_random_uuid(), '', {}, 0)",
            amount, type, released);
    };
    const auto decided = [&](std::string_view set) { return fmt::format("DO $$ BEGIN {}; UPDATE holds SET {}; END $$", hold("5, 'x')"), set); };
    const Case cases[]{
        {hold("0, 'x')"), "23514"},
        {hold("-1, 'x')"), "23514"},
        {hold("51, 'x')"), "PS010"},
        {"INSERT INTO holds (operation, user_id, price, service) VALUES (gen_random_uuid(), 99, 1, 'x')", "PS014"},
        {"INSERT INTO holds (operation, user_id, price, service, state, captured, decided_at) VALUES (gen_random_uuid(), 1, 1, 'x', 'captured', 1, "
         "now())",
         "23514"},
        {decided("state = 'captured', captured = 6, decided_at = now()"), "23514"},
        {decided("state = 'captured', decided_at = now()"), "23514"},
        {decided("state = 'voided', captured = 1, decided_at = now()"), "23514"},
        {decided("state = 'voided'"), "23514"},
        {decided("state = 'gone', decided_at = now()"), "23514"},
        {decided("price = 6, state = 'voided', decided_at = now()"), "PS012"},
        {decided("state = 'voided', decided_at = now(); UPDATE holds SET state = 'captured', captured = 1"), "PS012"},
        {"DO $$ BEGIN " + hold("5, 'x')") + "; DELETE FROM holds; END $$", "PS012"},
        {row("topup", "0"), "23514"},
        {row("topup", "-1"), "23514"},
        {row("bonus", "-1"), "23514"},
        {row("promo", "-1"), "23514"},
        {row("topup", "1", "1"), "23514"},
        {row("charge", "1"), "23514"},
        {row("charge", "-2", "1"), "23514"},
        {row("gift", "1"), "23514"},
        {row("charge", "-51"), "PS010"},
        {row("adjustment", "-51"), "PS010"},
        {"DELETE FROM user_balances", "PS015"},
        {"UPDATE user_balances SET user_id = 2", "PS015"},
        {"TRUNCATE user_balances CASCADE", "PS015"},
        {"UPDATE user_balances SET held = -1", "23514"},
    };
    with("50", [&](Pool& pool) -> Task<void> {
        for (const Case& c : cases) {
            const postgres::Query act{"test.refused", c.act};  // its connection is not used again for another text of this name
            Pool fresh(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 1});
            Work work;
            work.add(act);
            std::string state = "done";
            try {
                if (const auto done = co_await fresh.commit(std::move(work), soon()); !done) state = done.error().code;
            } catch (const postgres::SqlError& e) { state = e.state; }
            EXPECT_EQ(state, c.state) << c.act;
            fresh.close();
        }
        co_await expect(pool, "50.00", "0.00", 1);
        EXPECT_THAT(co_await verify(pool, soon()), IsEmpty());
    });
}

}  // namespace
}  // namespace persona::wallet

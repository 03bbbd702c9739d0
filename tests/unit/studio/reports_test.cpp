// Each figure against a count of one's own: rows at known moments, a zone whose days are not those of UTC, and what the database says when
// it is asked plainly.
#include "studio/analytics/reports.hpp"

#include <fmt/format.h>

#include "unit/studio/till.hpp"

namespace persona::analytics {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;
using Row = std::vector<std::string>;

const std::string moscow = "Europe/Moscow";  // three hours before UTC: its 27th begins at 21:00 of the 26th

// One row of the ledger at a moment; the trigger keeps the balance.
Task<void> row(Pool& pool, int user, std::string_view amount, std::string_view type, std::string_view counter, std::string_view at) {
    static constexpr postgres::Query add{
        "test.row",
        "INSERT INTO transactions (user_id, amount, type, operation_key, counter_account, description, balance_after, "
        "created_at) VALUES ($1::bigint, $2::numeric, $3, 'test:' || gen_random_uuid(), $4, 'why', 0, $5::timestamptz)"};
    EXPECT_EQ(co_await answer(pool, one([&](Work& work) { work.add(add, user, amount, type, counter, at); })), "");
}
// An operation: held and decided at this moment.
Task<OperationId> operation(Pool& pool, int user, std::string_view amount, std::string_view service, std::string_view at,
                            std::string_view reason = "") {
    static constexpr postgres::Query date_hold{
        "test.hold", "UPDATE holds SET state = 'voided', reason = $2, decided_at = $3::timestamptz WHERE operation = $1::uuid"};
    static constexpr postgres::Query unguarded{"test.unguarded", "SELECT set_config('session_replication_role', 'replica', true)"};
    static constexpr postgres::Query date_row{"test.date",
                                              "UPDATE transactions SET created_at = $2::timestamptz WHERE operation_key = 'charge:' || $1"};
    const OperationId id(Uuid::v7());
    EXPECT_EQ(co_await answer(pool, one([&](Work& work) { wallet::hold(work, UserId(user), id, coins(amount), service); })), "");
    if (!reason.empty()) {
        EXPECT_EQ(co_await answer(pool, one([&](Work& work) { work.add(date_hold, id, reason, at); })), "");
        co_return id;
    }
    EXPECT_EQ(co_await answer(pool, one([&](Work& work) { wallet::capture(work, id, coins(amount), service); })), "");
    co_await answer(pool, one([&](Work& work) {
                        work.add(unguarded);
                        work.add(date_row, id.value.text(), at);
                    }));
    co_return id;
}
Task<std::string> asked(Pool& pool, postgres::Query query) { co_return (co_await pool.read(soon(), query)).template value<std::string>(); }

Days days(const char* from, const char* to, std::string zone = moscow) { return *days_of(from, to, zone); }

struct Reports : Till {
    // Two days in Moscow: 26th (until 21:00 UTC) and 27th.
    void filled(auto body) {
        with(3, [&](Pool& pool) -> Task<void> {
            static constexpr postgres::Query join{
                "test.join",
                "UPDATE users SET created_at = CASE id WHEN 1 THEN '2025-11-20'::timestamptz WHEN 2 THEN '2025-11-26 20:59:59.999999Z' "
                "ELSE '2025-11-26 21:00Z' END"};
            co_await act(pool, join);
            co_await row(pool, 1, "500", "bonus", "promotion", "2025-11-20T12:00:00Z");
            co_await row(pool, 2, "500", "promo", "promotion", "2025-11-26T20:59:59.999999Z");
            co_await row(pool, 1, "-20", "adjustment", "adjustment:admin:ann", "2025-11-26T21:00:00Z");
            co_await operation(pool, 1, "5", "transcription", "2025-11-26T20:00:00Z");
            co_await operation(pool, 1, "7.50", "transcription", "2025-11-26T21:00:00Z");
            co_await operation(pool, 2, "1", "output", "2025-11-27T20:59:59Z");
            co_await operation(pool, 2, "1", "output", "2025-11-27T21:00:00Z");  // the 28th
            co_await operation(pool, 2, "2", "output", "2025-11-27T12:00:00Z", "failed");
            co_await operation(pool, 2, "2", "image", "2025-11-27T12:00:00Z", "cancelled");
            co_await row(pool, 1, "5", "refund", "revenue:transcription", "2025-11-27T12:00:00Z");
            co_await body(pool);
        });
    }
};

TEST_F(Reports, D4_TransactionsAreTheLedgerOfTheseDays) {
    filled([](Pool& pool) -> Task<void> {
        const auto report = co_await transactions(pool, days("2025-11-26", "2025-11-27"), soon());
        EXPECT_EQ(report.rows.size(), 6u);
        EXPECT_EQ(report.columns.size(), report.rows[0].size());
        EXPECT_THAT(Row(report.rows[0].begin() + 1, report.rows[0].end()),
                    ElementsAre("2025-11-26", "2", "promo", "500.00", "promotion", "500.00", "why"));
        EXPECT_THAT(Row(report.rows[1].begin() + 1, report.rows[1].end()),
                    ElementsAre("2025-11-27", "1", "adjustment", "-20.00", "adjustment:admin:ann", "480.00", "why"));
        const auto none = co_await transactions(pool, days("2025-11-21", "2025-11-25"), soon());
        EXPECT_THAT(none.rows, IsEmpty());
    });
}

TEST_F(Reports, D4_RevenueIsChargesLessWhatWasGivenBackByDayAndAccount) {
    filled([](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), "c1")), "credited");
        EXPECT_EQ(co_await answer(pool, returning("r1", "c1", price / 4)), "t");
        const auto report = co_await revenue(pool, days("2025-11-26", "2025-11-27"), soon());
        EXPECT_THAT(report.rows,
                    ElementsAre(Row{"2025-11-26", "promotion", "promo", "1", "500.00"}, Row{"2025-11-26", "revenue", "transcription", "1", "5.00"},
                                Row{"2025-11-27", "adjustment", "admin:ann", "1", "-20.00"}, Row{"2025-11-27", "revenue", "output", "1", "1.00"},
                                Row{"2025-11-27", "revenue", "transcription", "2", "2.50"}));
        const std::string today = day_of(wall_now(), moscow);
        const auto now = co_await revenue(pool, days(today.c_str(), today.c_str()), soon());
        EXPECT_THAT(now.rows, ElementsAre(Row{today, "returned", "stars", "1", "-25.00"}, Row{today, "topup", "stars", "1", "100.00"}));
        // All lines together are the ledger: what users have, and what was taken from them.
        Coins sum;
        std::int64_t rows = 0;
        const auto all = co_await revenue(pool, days("2025-11-01", today.c_str()), soon());
        for (const Row& line : all.rows) {
            sum = line[1] == "revenue" ? sum - coins(line[4]) : sum + coins(line[4]);
            rows += std::stoll(line[3]);
        }
        EXPECT_EQ(sum.text(), co_await asked(pool, {"test.sum", "SELECT sum(amount) FROM transactions"}));
        EXPECT_EQ(std::to_string(rows), co_await asked(pool, {"test.rows", "SELECT count(*) FROM transactions"}));
    });
}

TEST_F(Reports, D4_UsersAreCountedByTheOperatorsDay) {
    static constexpr postgres::Query work_done{
        "test.job", "INSERT INTO jobs (id, user_id, kind, args, created_at) VALUES (gen_random_uuid(), 3, 'probe', '', '2025-11-27 20:00Z')"};
    filled([](Pool& pool) -> Task<void> {
        co_await act(pool, work_done);
        const auto report = co_await users(pool, days("2025-11-25", "2025-11-28"), soon());
        EXPECT_THAT(report.rows, ElementsAre(Row{"2025-11-25", "0", "0", "0", "1"}, Row{"2025-11-26", "1", "2", "0", "2"},
                                             Row{"2025-11-27", "1", "3", "0", "3"}, Row{"2025-11-28", "0", "1", "0", "3"}));
        // The same moments in UTC fall on other days.
        const auto utc = co_await users(pool, days("2025-11-26", "2025-11-27", "UTC"), soon());
        EXPECT_THAT(utc.rows, ElementsAre(Row{"2025-11-26", "2", "2", "0", "3"}, Row{"2025-11-27", "0", "3", "0", "3"}));
        for (const UserId user : {ann, bob})
            EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {.user = user}), std::to_string(user.value), price, user)), "credited");
        const std::string today = day_of(wall_now(), moscow);
        EXPECT_EQ((co_await users(pool, days(today.c_str(), today.c_str()), soon())).rows[0][3], "2");
    });
}

TEST_F(Reports, D4_UsageCountsWhatWasChargedAndWhatCameToNothing) {
    filled([](Pool& pool) -> Task<void> {
        const auto report = co_await usage(pool, days("2025-11-26", "2025-11-27"), soon());
        EXPECT_THAT(report.rows, ElementsAre(Row{"image", "0", "0.00", "0", "1", "1"}, Row{"output", "1", "1.00", "0", "1", "0"},
                                             Row{"transcription", "2", "12.50", "1", "0", "0"}));
    });
}

// Clocks go back from 1:00 to midnight: the day has two midnights, and what happened between them is its own.
TEST_F(Reports, D4_ADayWithTwoMidnightsHasAllItsRows) {
    with(1, [](Pool& pool) -> Task<void> {
        for (const char* at :
             {"2025-11-02T03:59:59Z", "2025-11-02T04:30:00Z", "2025-11-02T05:30:00Z", "2025-11-03T04:59:59Z", "2025-11-03T05:00:00Z"})
            co_await row(pool, 1, "1", "bonus", "promotion", at);
        const auto on = [&](const char* day) -> Task<std::size_t> {
            co_return (co_await transactions(pool, days(day, day, "America/Havana"), soon())).rows.size();
        };
        EXPECT_EQ(co_await on("2025-11-01"), 1u);
        EXPECT_EQ(co_await on("2025-11-02"), 3u);
        EXPECT_EQ(co_await on("2025-11-03"), 1u);
    });
}

TEST_F(Reports, D4_TheSummaryIsOfOneSevenAndThirtyDays) {
    filled([](Pool& pool) -> Task<void> {
        co_await row(pool, 3, "80", "topup", "provider:test", "2025-11-26T20:00:00Z");
        co_await row(pool, 3, "-30", "refund", "provider:test", "2025-11-27T20:00:00Z");
        const Summary seen = co_await summary(pool, *from_iso("2025-11-27T20:59:59Z"), moscow, soon());
        const auto told = [](const Figures& f) { return fmt::format("{} {} {} {}", f.revenue.text(), f.topups.text(), f.new_users, f.operations); };
        EXPECT_EQ(told(seen.today), "3.50 -30.00 1 2");
        EXPECT_EQ(told(seen.week), "8.50 50.00 2 3");
        EXPECT_EQ(told(seen.month), "8.50 50.00 3 3");
        const Summary before = co_await summary(pool, *from_iso("2025-10-01T00:00:00Z"), moscow, soon());
        EXPECT_EQ(told(before.month), "0.00 0.00 0 0");
    });
}

}  // namespace
}  // namespace persona::analytics

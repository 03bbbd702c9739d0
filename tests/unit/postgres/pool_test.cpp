#include "postgres/pool.hpp"

#include <gtest/gtest.h>

#include "async/task_group.hpp"
#include "postgres/migrations.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::postgres {
namespace {

constexpr Query make_table{"test.make", "CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, text text, body bytea, at timestamptz, coins numeric(18,2))"};
constexpr Query add_note{"test.add", "INSERT INTO notes (id, text) VALUES ($1::bigint, $2)"};
constexpr Query count_notes{"test.count", "SELECT count(*) FROM notes"};
constexpr Query refuse{"test.refuse", "DO $$ BEGIN RAISE EXCEPTION 'a rule' USING ERRCODE = 'PS099'; END $$"};
constexpr Query broken{"test.broken", "SELECT no_such_function()"};
constexpr Query slow{"test.slow", "SELECT pg_sleep(30)"};
constexpr Query echo{"test.echo", "SELECT $1::bigint, $2::text, $3::bytea, $4::timestamptz, $5::numeric(18,2), $6::uuid, $7::boolean, $8::text"};

constexpr auto patience = 20s;

// Runs `body(pool)` on a database of its own.
template <class F>
void with_pool(std::size_t size, F body) {
    const Secret dsn(test::postgres_dsn());
    run([&]() -> Task<void> {
        Pool pool(co_await asio::this_coro::executor, {.dsn = dsn, .size = size});
        Work work;
        work.add(make_table);
        EXPECT_TRUE(co_await pool.commit(std::move(work), Deadline::after(patience)));
        co_await body(pool);
        pool.close();
    });
}

Task<std::int64_t> notes(Pool& pool) { co_return (co_await pool.read(Deadline::after(patience), count_notes)).value<std::int64_t>(); }

Work two_notes(std::int64_t first, std::int64_t second) {
    Work work;
    work.add(add_note, first, "one");
    work.add(add_note, second, "two");
    return work;
}

}  // namespace

TEST(Pool, ValuesOfEveryTypeComeBackAsTheyWent) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        const Bytes bytes{0, 1, 255, '\\', '\''};
        const Time at = *from_iso("2026-11-22T23:49:42.000001Z");
        const Uuid id = Uuid::v7();
        const std::optional<std::string> nothing;
        const auto rows = co_await pool.read(Deadline::after(patience), echo, std::int64_t{5'000'000'000}, std::string("Ж'\"\\;--"), bytes, at, *Coins::parse("-12.50"), id, true, nothing);
        const Row row = rows[0];
        EXPECT_EQ(row.get<std::int64_t>(0), 5'000'000'000);
        EXPECT_EQ(row.get<std::string>(1), "Ж'\"\\;--");
        EXPECT_EQ(row.get<Bytes>(2), bytes);
        EXPECT_EQ(row.get<Time>(3), at);
        EXPECT_EQ(row.get<Coins>(4).text(), "-12.50");
        EXPECT_EQ(row.get<Uuid>(5), id);
        EXPECT_TRUE(row.get<bool>(6));
        EXPECT_FALSE(row.maybe<std::string>(7));
        EXPECT_THROW(row.get<std::string>(7), Error);
        EXPECT_THROW(row.get<std::int64_t>(1), Error);
    });
}

TEST(Pool, AWorkIsAllOrNothing) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        EXPECT_TRUE(co_await pool.commit(two_notes(1, 2), Deadline::after(patience)));
        EXPECT_THROW((void)co_await pool.commit(two_notes(3, 2), Deadline::after(patience)), SqlError);
        EXPECT_EQ(co_await notes(pool), 2);
        Work refused = two_notes(4, 5);
        refused.add(refuse);
        const auto result = co_await pool.commit(std::move(refused), Deadline::after(patience));
        EXPECT_FALSE(result.has_value());
        EXPECT_EQ(result.error().code, "PS099");
        EXPECT_EQ(co_await notes(pool), 2);
    });
}

TEST(Pool, AFailureLeavesTheConnectionAndItsStatementsUsable) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        for (int i = 0; i < 3; ++i) {
            Work work;
            work.add(add_note, std::int64_t{100 + i}, "before");
            work.add(broken);
            work.add(count_notes);  // prepared behind the failure: must be prepared again later
            EXPECT_THROW((void)co_await pool.commit(std::move(work), Deadline::after(patience)), SqlError);
            EXPECT_EQ(co_await notes(pool), 0);
        }
        EXPECT_EQ(pool.in_use(), 0u);
    });
}

TEST(Pool, MoreCallersThanConnectionsAllGetTheirTurn) {
    with_pool(2, [](Pool& pool) -> Task<void> {
        TaskGroup callers(co_await asio::this_coro::executor, "test");
        const auto one = [](Pool& p, std::int64_t id) -> Task<void> {
            Work work;
            work.add(add_note, id, "x");
            EXPECT_TRUE(co_await p.commit(std::move(work), Deadline::after(patience)));
        };
        for (std::int64_t id = 0; id < 50; ++id) callers.spawn("caller", one(pool, id));
        EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
        EXPECT_EQ(co_await notes(pool), 50);
    });
}

TEST(Pool, ALateAnswerIsATimeOutAndItsConnectionIsNotUsedAgain) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        EXPECT_THROW((void)co_await pool.read(Deadline::after(100ms), slow), TimedOut);
        EXPECT_EQ(co_await notes(pool), 0);
    });
}

TEST(Pool, ACancelledCallerGivesItsPlaceBack) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        TaskGroup group(executor, "test");
        const auto wait = [](Pool& p) -> Task<void> { (void)co_await p.read(Deadline::after(patience), slow); };
        group.spawn("slow", wait(pool));
        co_await asio::post(executor, asio::use_awaitable);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(patience)));
        EXPECT_EQ(co_await notes(pool), 0);
    });
}

TEST(Pool, D11_RecoversByItselfWhenTheServerComesBack) {
    with_pool(2, [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await notes(pool), 0);
        test::postgres_stop();
        EXPECT_THROW((void)co_await notes(pool), Unavailable);
        EXPECT_THROW((void)co_await pool.commit(two_notes(1, 2), Deadline::after(patience)), Unavailable);
        test::postgres_start();
        EXPECT_EQ(co_await notes(pool), 0);
        EXPECT_TRUE(co_await pool.commit(two_notes(1, 2), Deadline::after(patience)));
    });
}

TEST(Pool, D9_ABadConnectionStringIsNamedAndNotShown) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        try {
            Pool pool(executor, {.dsn = Secret("zz-not-a-dsn-with-password")});
            ADD_FAILURE() << "accepted";
        } catch (const BadConfig& e) {
            EXPECT_NE(std::string(e.what()).find("DATABASE_URL"), std::string::npos);
            EXPECT_EQ(std::string(e.what()).find("zz-not"), std::string::npos);
        }
    });
}

TEST(Migrations, RunOnceAndRefuseWhatTheyDoNotKnow) {
    const Secret dsn(test::empty_postgres_dsn());
    const std::vector<Migration> first{{"0001_a.sql", "CREATE TABLE a (x int)"}}, both{first[0], {"0002_b.sql", "CREATE TABLE b (x int)"}},
        changed{{"0001_a.sql", "CREATE TABLE a (x bigint)"}}, faulty{first[0], {"0002_b.sql", "CREATE TABLE b (x int); SELECT nonsense"}};
    EXPECT_EQ(migrate(dsn, first), std::vector<std::string>{"0001_a.sql"});
    EXPECT_TRUE(migrate(dsn, first).empty());
    EXPECT_EQ(missing_migrations(dsn, both), 1);
    EXPECT_THROW(migrate(dsn, faulty), SqlError);
    EXPECT_EQ(missing_migrations(dsn, both), 1) << "a file that failed left something";
    EXPECT_EQ(migrate(dsn, both), std::vector<std::string>{"0002_b.sql"});
    EXPECT_THROW(migrate(dsn, first), BadConfig) << "the database is newer";
    EXPECT_EQ(missing_migrations(dsn, first), -1);
    EXPECT_THROW(migrate(dsn, changed), BadConfig);
}

}  // namespace persona::postgres

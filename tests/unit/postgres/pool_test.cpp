#include "postgres/pool.hpp"

#include <gtest/gtest.h>

#include <map>

#include "async/task_group.hpp"
#include "async/within.hpp"
#include "postgres/migrations.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::postgres {
namespace {

constexpr Query make_table{"test.make",
                           "CREATE TABLE IF NOT EXISTS notes (id bigint PRIMARY KEY, text text, body bytea, at timestamptz, coins numeric(18,2))"};
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
        const auto rows = co_await pool.read(Deadline::after(patience), echo, std::int64_t{5'000'000'000}, std::string("Ж'\"\\;--"), bytes, at,
                                             *Coins::parse("-12.50"), id, true, nothing);
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

// Thirty Works in one round trip: each stands or falls alone, even where the one before it failed while a statement was prepared.
TEST(Pool, WorksThatGoOutTogetherAreTransactionsOfTheirOwn) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        TaskGroup callers(co_await asio::this_coro::executor, "test");
        std::map<int, std::string> ended;
        const auto one = [](Pool& p, int id, std::map<int, std::string>& out) -> Task<void> {
            Work work;
            if (id % 5 == 1) work.add(refuse);
            work.add(add_note, std::int64_t{id % 5 == 2 ? 0 : id}, "x");
            if (id % 5 == 3) work.add(broken);
            try {
                const auto done = co_await p.commit(std::move(work), Deadline::after(patience));
                out[id] = done ? "done" : done.error().code;
            } catch (const SqlError& e) { out[id] = e.state; }
        };
        for (int id = 0; id < 30; ++id) callers.spawn("caller", one(pool, id, ended));
        EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
        const std::map<int, std::string> expected{{0, "done"}, {1, "PS099"}, {2, "23505"}, {3, "42883"}, {4, "done"}};
        for (int id = 0; id < 30; ++id) EXPECT_EQ(ended[id], expected.at(id % 5)) << id;
        EXPECT_EQ(co_await notes(pool), 12);
    });
}

TEST(Pool, ACommitWaitsForTheDiskAgainAfterManyTogether) {
    with_pool(1, [](Pool& pool) -> Task<void> {
        TaskGroup callers(co_await asio::this_coro::executor, "test");
        const auto one = [](Pool& p, std::int64_t id) -> Task<void> { (void)co_await p.commit(two_notes(id, id + 1), Deadline::after(patience)); };
        for (std::int64_t id = 0; id < 20; id += 2) callers.spawn("caller", one(pool, id));
        EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
        static constexpr Query setting{"test.setting", "SHOW synchronous_commit"};
        EXPECT_EQ((co_await pool.read(Deadline::after(patience), setting)).value<std::string>(), "on");
        EXPECT_EQ(co_await notes(pool), 20);
    });
}

TEST(Pool, AWorkBehindALockDoesNotHoldUpTheOthersForLong) {
    with_pool(4, [](Pool& pool) -> Task<void> {
        static constexpr Query sleep{"test.sleep", "SELECT pg_sleep(2)"};
        TaskGroup callers(co_await asio::this_coro::executor, "test");
        const auto slowly = [](Pool& p) -> Task<void> {
            Work work;
            work.add(sleep);
            (void)co_await p.commit(std::move(work), Deadline::after(patience));
        };
        const auto look = [](Pool& p) -> Task<void> { (void)co_await notes(p); };
        for (int i = 0; i < 3; ++i) callers.spawn("open", look(pool));
        EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
        for (std::size_t i = 1; i <= 2; ++i) {
            callers.spawn("slow", slowly(pool));
            while (pool.in_use() < i) co_await asio::post(callers.executor(), asio::use_awaitable);
        }
        const auto begun = Deadline::Steady::now();
        const auto one = [](Pool& p, std::int64_t id) -> Task<void> {
            EXPECT_TRUE(co_await p.commit(two_notes(id, id + 1), Deadline::after(patience)));
        };
        co_await asio::post(callers.executor(), asio::use_awaitable);
        TaskGroup quick(callers.executor(), "test");
        quick.spawn("first", one(pool, 1));
        co_await pause(60ms);  // the first has waited for too long now
        quick.spawn("second", one(pool, 3));
        EXPECT_TRUE(co_await quick.join(Deadline::after(patience)));
        EXPECT_LT(Deadline::Steady::now() - begun, 1500ms);
        EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
    });
}

// The log is flushed up to behind each Work before its caller hears of it, although most of them did not wait for that.
TEST(Pool, WhatIsReportedIsOnDisk) {
    with_pool(2, [](Pool& pool) -> Task<void> {
        static constexpr Query written{"test.written", "SELECT pg_current_wal_insert_lsn()::text"};
        static constexpr Query flushed{"test.flushed", "SELECT pg_current_wal_flush_lsn() >= $1::pg_lsn"};
        const auto one = [](Pool& p, std::int64_t id) -> Task<void> {
            Work work = two_notes(id, -id);
            work.add(written);
            const auto done = co_await p.commit(std::move(work), Deadline::after(patience));
            EXPECT_TRUE((co_await p.read(Deadline::after(patience), flushed, (*done)[2].value<std::string>())).value<bool>()) << id;
        };
        for (std::int64_t id = 1; id <= 320; id += 32) {
            TaskGroup callers(co_await asio::this_coro::executor, "test");
            for (std::int64_t i = 0; i < 32; ++i) callers.spawn("caller", one(pool, id + i));
            EXPECT_TRUE(co_await callers.join(Deadline::after(patience)));
        }
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

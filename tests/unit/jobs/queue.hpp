// A database with a few users, and workers on it whose waits are short.
#pragma once

#include <gtest/gtest.h>

#include "async/task_group.hpp"
#include "jobs/job.hpp"
#include "jobs/worker.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::jobs {

inline Deadline soon() { return Deadline::after(20s); }
constexpr UserId ann{1}, bob{2}, eve{3};

inline WorkerConfig quick() {
    return {.parallel = 4, .lease = 5s, .heartbeat = 50ms, .poll = 20ms, .max_attempts = 3, .first_backoff = 1ms, .most_backoff = 2ms};
}

// One process's worth of pool, vault and worker.
struct Queue {
    Queue(Executor on, const std::string& dsn)
        : executor(on), pool(on, {.dsn = Secret(dsn), .size = 8, .writers = 8}), vault(test::test_keyring(), pool), changed(on), group(on, "test") {}

    Task<void> fill(Coins welcome = Coins()) {
        co_await test::add_people(pool, 3, welcome);
        co_await test::give_keys(pool, vault, 3);
        co_await vault.open(soon());
    }
    Task<JobId> add(UserId user, std::string kind, boost::json::value args = nullptr, int priority = 0) {
        const JobId id(Uuid::v7());
        postgres::Work work;
        enqueue(work, {.id = id, .user = user, .kind = std::move(kind), .args = std::move(args), .priority = priority},
                co_await vault.key_of(user, soon()));
        if (!co_await pool.commit(std::move(work), soon())) throw Error("a job was refused");
        co_return id;
    }
    Task<void> ask_cancel(JobId id, UserId user) {
        postgres::Work work;
        const auto slot = cancel(work, id, user);
        const auto result = co_await pool.commit(std::move(work), soon());
        EXPECT_TRUE(result && result->at(slot).value<bool>());
    }
    // Runs the statement as an operator would.
    Task<void> act(const postgres::Query& query) { co_await pool.read(soon(), query); }

    Worker& start(std::map<std::string, Handler> handlers, WorkerConfig config = quick()) {
        workers.push_back(std::make_unique<Worker>(executor, pool, vault, std::move(handlers), std::move(config)));
        group.spawn("worker", workers.back()->run());
        return *workers.back();
    }
    // Waits until the job is in that state; workers tell of themselves by the table alone, so it is read again and again.
    Task<Status> until(JobId id, UserId user, State state) {
        for (const Deadline deadline = soon();;) {
            const auto now = co_await status(pool, id, user, soon());
            if (now && now->state == state) co_return *now;
            if (deadline.passed()) throw TimedOut("the job did not come so far");
            co_await changed.wait(Deadline::after(5ms));
        }
    }
    Task<void> close() {
        for (const auto& worker : workers) co_await worker->drain(soon());
        EXPECT_TRUE(co_await group.join(soon()));
        pool.close();
    }

    Executor executor;
    postgres::Pool pool;
    vault::Vault vault;
    Signal changed;
    TaskGroup group;
    std::vector<std::unique_ptr<Worker>> workers;
};

// Appends one row to the ledger of what handlers have done: results are counted in the database, not in memory.
inline void add_result(postgres::Work& work, JobId id, std::string_view text) {
    static constexpr postgres::Query add{"test.result", "INSERT INTO results (job, body) VALUES ($1::uuid, $2)"};
    work.add(add, id, text);
}
inline Task<std::vector<std::string>> results(postgres::Pool& pool) {
    static constexpr postgres::Query read{"test.results", "SELECT body FROM results ORDER BY n"};
    std::vector<std::string> out;
    for (const auto row : co_await pool.read(soon(), read)) out.push_back(row.get<std::string>(0));
    co_return out;
}

struct QueueTest : testing::Test {
    std::string dsn = test::postgres_dsn();

    void with(auto body) {
        run([&]() -> Task<void> {
            static constexpr postgres::Query table{"test.table", "CREATE TABLE results (n bigserial, job uuid, body text)"};
            Queue queue(co_await asio::this_coro::executor, dsn);
            co_await queue.fill();
            co_await queue.act(table);
            co_await body(queue);
            co_await queue.close();
        });
    }
};

inline Handler never_called() {
    return {.run = [](Running&) -> Task<Ending> {
                ADD_FAILURE() << "run was called";
                co_return Done{};
            },
            .give_up = [](Running&, Failure) -> Task<Final> {
                ADD_FAILURE() << "give_up was called";
                co_return Final{};
            }};
}
// Ends with one result row; failures leave a row that names them.
inline Task<Final> named_failure(Running& running, Failure why) {
    postgres::Work work;
    add_result(work, running.id(), "failure " + std::to_string(static_cast<int>(why)));
    co_return Final(std::move(work));
}
inline Handler does(std::function<Task<Ending>(Running&)> body) { return {.run = std::move(body), .give_up = named_failure}; }
inline Done done_with(Running& running, std::string_view text) {
    postgres::Work work;
    add_result(work, running.id(), text);
    return Done(std::move(work));
}

}  // namespace persona::jobs

// bench_jobs DSN JOBS CALLERS: orders so many jobs by so many callers at once while a worker in the same process runs them, each
// doing nothing; prints the jobs a second from the first order to the last end. Orders, claims and ends are durable commits.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "async/task_group.hpp"
#include "jobs/job.hpp"
#include "jobs/worker.hpp"
#include "postgres/migrations.hpp"
#include "vault/vault.hpp"

namespace {

using namespace persona;

constexpr int users = 1000;
constexpr int at_once = 64;  // jobs that run side by side, as the peer's concurrency
Deadline soon() { return Deadline::after(120s); }

Task<void> fill(postgres::Pool& pool, vault::Vault& vault) {
    co_await vault.open(soon());
    for (int n = 1; n <= users; ++n) {
        postgres::Work work;
        const vault::Key key = vault::Key::random();
        const auto wrapped = vault.wrap(key, UserId(n));
        static constexpr postgres::Query add{
            "bench.users", "SELECT account_register($1::bigint, $1::bigint, NULL, 'Person', NULL, 'ru', $2::bytea, $3, '\\x00', 1, 0, '')"};
        work.add(add, std::int64_t{n}, wrapped.bytes, wrapped.master);
        co_await pool.commit(std::move(work), soon());
    }
}

struct Bench {
    postgres::Pool& pool;
    vault::Vault& vault;
    jobs::Worker& worker;
    int left_to_order, left_to_end;
    Signal ended;
};

Task<void> order(Bench& bench) {
    while (bench.left_to_order > 0) {
        const UserId user(bench.left_to_order-- % users + 1);
        postgres::Work work;
        jobs::enqueue(work, {.id = JobId(Uuid::v7()), .user = user, .kind = "bench", .args = {{"number", bench.left_to_order}}},
                      co_await bench.vault.key_of(user, soon()));
        if (!co_await bench.pool.commit(std::move(work), soon())) throw Error("an order was refused");
        bench.worker.ring();
    }
}

Task<void> measure(postgres::Pool& pool, vault::Vault& vault, int jobs_wanted, int callers) {
    const Executor executor = co_await asio::this_coro::executor;
    Bench* running = nullptr;
    jobs::Handler handler{.run = [&](jobs::Running&) -> Task<jobs::Ending> {
                              co_return jobs::Done(jobs::Final(postgres::Work(), [&](const postgres::Committed&) {
                                  if (--running->left_to_end == 0) running->ended.notify();
                              }));
                          },
                          .give_up = [](jobs::Running&, jobs::Failure) -> Task<jobs::Final> { co_return jobs::Final{}; }};
    jobs::Worker worker(executor, pool, vault, {{"bench", handler}}, {.parallel = at_once});
    Bench bench{pool, vault, worker, jobs_wanted, jobs_wanted, Signal(executor)};
    running = &bench;
    TaskGroup group(executor, "bench");
    group.spawn("worker", worker.run());
    const auto begin = Deadline::Steady::now();
    for (int i = 0; i < callers; ++i) group.spawn("caller", order(bench));
    while (bench.left_to_end > 0)
        if (!co_await bench.ended.wait(soon())) throw Error("the jobs do not end");
    fmt::print("{:.0f}\n", jobs_wanted / std::chrono::duration<double>(Deadline::Steady::now() - begin).count());
    co_await worker.drain(soon());
    co_await group.join(soon());
}

Task<void> act(std::vector<std::string> args, int& status) {
    const Secret dsn(args.at(1));
    postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = dsn, .size = 8, .statement_timeout = 60s});
    vault::Vault vault(vault::Keyring::from_text(std::string(64, 'b'), "the bench"), pool);
    try {
        if (args[0] == "prepare") {
            co_await fill(pool, vault);
        } else {
            co_await vault.open(soon());
            co_await measure(pool, vault, std::stoi(args.at(2)), std::stoi(args.at(3)));
        }
        status = 0;
    } catch (const std::exception& e) { fmt::print(stderr, "bench_jobs: {}\n", e.what()); }
    pool.close();
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> args(argv + 1, argv + argc);
    if (args.size() < 2) return 2;
    if (args[0] == "prepare") postgres::migrate(Secret(args[1]));
    asio::io_context io(1);
    int status = 1;
    TaskGroup group(io.get_executor(), "bench");
    group.spawn("act", act(args, status));
    io.run();
    return status;
}

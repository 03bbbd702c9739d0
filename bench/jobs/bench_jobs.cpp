// bench_jobs DSN JOBS CALLERS: orders so many jobs by so many callers at once while a worker in the same process runs them, each
// doing nothing; prints the jobs a second from the first order to the last end. Orders, claims and ends are durable commits.
#include "jobs/job.hpp"
#include "jobs/worker.hpp"
#include "program.hpp"
#include "vault/vault.hpp"

namespace {

using namespace persona;

constexpr int users = 1000;
constexpr int at_once = 64;  // jobs that run side by side, as the peer's concurrency

Task<void> fill(postgres::Pool& pool, vault::Vault& vault) {
    co_await vault.open(bench::soon());
    for (int n = 1; n <= users; ++n) {
        postgres::Work work;
        const vault::Key key = vault::Key::random();
        const auto wrapped = vault.wrap(key, UserId(n));
        static constexpr postgres::Query add{
            "bench.users", "SELECT account_register($1::bigint, $1::bigint, NULL, 'Person', NULL, 'ru', $2::bytea, $3, '\\x00', 1, 0, '')"};
        work.add(add, std::int64_t{n}, wrapped.bytes, wrapped.master);
        co_await pool.commit(std::move(work), bench::soon());
    }
}

struct Round {
    postgres::Pool& pool;
    vault::Vault& vault;
    jobs::Worker& worker;
    int left_to_order, left_to_end;
    Signal ended;
};

Task<void> order(Round& round) {
    while (round.left_to_order > 0) {
        const UserId user(round.left_to_order-- % users + 1);
        postgres::Work work;
        jobs::enqueue(work, {.id = JobId(Uuid::v7()), .user = user, .kind = "bench", .args = {{"number", round.left_to_order}}},
                      co_await round.vault.key_of(user, bench::soon()));
        if (!co_await round.pool.commit(std::move(work), bench::soon())) throw Error("an order was refused");
        round.worker.ring();
    }
}

Task<void> measure(postgres::Pool& pool, vault::Vault& vault, int jobs_wanted, int callers) {
    const Executor executor = co_await asio::this_coro::executor;
    Round* running = nullptr;
    jobs::Handler handler{.run = [&](jobs::Running&) -> Task<jobs::Ending> {
                              co_return jobs::Done(jobs::Final(postgres::Work(), [&](const postgres::Committed&) {
                                  if (--running->left_to_end == 0) running->ended.notify();
                              }));
                          },
                          .give_up = [](jobs::Running&, jobs::Failure) -> Task<jobs::Final> { co_return jobs::Final{}; }};
    jobs::Worker worker(executor, pool, vault, {{"bench", handler}}, {.parallel = at_once});
    Round round{pool, vault, worker, jobs_wanted, jobs_wanted, Signal(executor)};
    running = &round;
    TaskGroup group(executor, "bench");
    group.spawn("worker", worker.run());
    const auto begin = Deadline::Steady::now();
    for (int i = 0; i < callers; ++i) group.spawn("caller", order(round));
    while (round.left_to_end > 0)
        if (!co_await round.ended.wait(bench::soon())) throw Error("the jobs do not end");
    fmt::print("{:.0f}\n", jobs_wanted / std::chrono::duration<double>(Deadline::Steady::now() - begin).count());
    co_await worker.drain(bench::soon());
    co_await group.join(bench::soon());
}

Task<void> act(postgres::Pool& pool, const bench::Arguments& args) {
    vault::Vault vault(vault::Keyring::from_text(std::string(64, 'b'), "the bench"), pool);
    if (args[0] == "prepare") co_return co_await fill(pool, vault);
    co_await vault.open(bench::soon());
    co_await measure(pool, vault, std::stoi(args.at(2)), std::stoi(args.at(3)));
}

}  // namespace

int main(int argc, char** argv) { return bench::main_of({argv + 1, argv + argc}, 8, act); }

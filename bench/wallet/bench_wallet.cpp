// bench_wallet prepare DSN: the schema and 1,000 users with coins.
// bench_wallet run DSN SECONDS CALLERS CONNECTIONS: each caller holds 5.00 of a random user's and captures it, in two commits,
// over and over; prints the operations (hold and capture) a second.
// bench_wallet verify DSN: proves that the ledger holds after all that.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <random>

#include "async/task_group.hpp"
#include "postgres/migrations.hpp"
#include "studio/wallet/wallet.hpp"

namespace {

using namespace persona;

constexpr int users = 1000;
Deadline soon() { return Deadline::after(60s); }
const Coins price = Coins::hundredths(500);

Task<void> commit(postgres::Pool& pool, postgres::Work work) {
    const auto result = co_await pool.commit(std::move(work), soon());
    if (!result) throw Error("refused: " + result.error().detail);
}

Task<void> fill(postgres::Pool& pool) {
    static constexpr postgres::Query add{"bench.users",
                                         "SELECT account_register(n, n, NULL, 'Person', NULL, 'ru', '\\x00', 'bench', '\\x00', 1, 1e12, "
                                         "'bonus:welcome:' || n) FROM generate_series(1, $1::bigint) n"};
    postgres::Work work;
    work.add(add, users);
    co_await commit(pool, std::move(work));
}

Task<void> caller(postgres::Pool& pool, Deadline until, std::uint64_t seed, std::int64_t& operations) {
    std::minstd_rand random(static_cast<std::minstd_rand::result_type>(seed));
    std::uniform_int_distribution<std::int64_t> any_user(1, users);
    while (!until.passed()) {
        const OperationId id(Uuid::v7());
        postgres::Work holding, capturing;
        wallet::hold(holding, UserId(any_user(random)), id, price, "bench");
        co_await commit(pool, std::move(holding));
        wallet::capture(capturing, id, price, "bench");
        co_await commit(pool, std::move(capturing));
        ++operations;
    }
}

Task<void> measure(postgres::Pool& pool, double seconds, int callers) {
    std::int64_t operations = 0;
    const auto begin = Deadline::Steady::now();
    const Deadline until = Deadline::at(begin + std::chrono::duration_cast<Deadline::Steady::duration>(std::chrono::duration<double>(seconds)));
    TaskGroup group(co_await asio::this_coro::executor, "bench");
    for (int i = 0; i < callers; ++i) group.spawn("caller", caller(pool, until, std::random_device{}(), operations));
    co_await group.join(Deadline::never());
    fmt::print("{:.0f}\n", static_cast<double>(operations) / std::chrono::duration<double>(Deadline::Steady::now() - begin).count());
}

Task<void> prove(postgres::Pool& pool) {
    const auto faults = co_await wallet::verify(pool, soon());
    for (const auto& fault : faults) fmt::print("{}: user {} {}\n", fault.rule, fault.user.value, fault.detail);
    if (!faults.empty()) throw Error("the ledger does not hold");
}

Task<void> act(std::vector<std::string> args, int& status) {
    const int connections = args.size() > 4 ? std::stoi(args[4]) : 1;
    postgres::Pool pool(co_await asio::this_coro::executor,
                        {.dsn = Secret(args.at(1)), .size = static_cast<std::size_t>(connections), .statement_timeout = 60s});
    try {
        if (args[0] == "prepare") co_await fill(pool);
        if (args[0] == "run") co_await measure(pool, std::stod(args.at(2)), std::stoi(args.at(3)));
        if (args[0] == "verify") co_await prove(pool);
        status = 0;
    } catch (const std::exception& e) { fmt::print(stderr, "bench_wallet: {}\n", e.what()); }
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

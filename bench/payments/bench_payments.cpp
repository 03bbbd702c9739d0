// bench_payments prepare DSN: the schema and 64 users.
// bench_payments run DSN SECONDS CALLERS USERS CONNECTIONS: each caller places an order of one of the users and has it paid, in two
// commits, over and over; prints the credits a second.
// bench_payments verify DSN: proves that the ledger holds after all that.
#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>

#include "async/task_group.hpp"
#include "postgres/migrations.hpp"
#include "studio/payments/payments.hpp"
#include "studio/wallet/wallet.hpp"

namespace {

using namespace persona;

constexpr int users = 64;
Deadline soon() { return Deadline::after(60s); }
const Coins coins = Coins::hundredths(100'00);
constexpr std::int64_t price = 80;

Task<void> commit(postgres::Pool& pool, postgres::Work work) {
    const auto result = co_await pool.commit(std::move(work), soon());
    if (!result) throw Error("refused: " + result.error().detail);
}

Task<void> fill(postgres::Pool& pool) {
    static constexpr postgres::Query add{"bench.users",
                                         "SELECT account_register(n, n, NULL, 'Person', NULL, 'ru', '\\x00', 'bench', '\\x00', 1, 0, "
                                         "'bonus:welcome:' || n) FROM generate_series(1, $1::bigint) n"};
    postgres::Work work;
    work.add(add, users);
    co_await commit(pool, std::move(work));
}

Task<void> caller(postgres::Pool& pool, Deadline until, UserId user, std::int64_t& credits) {
    while (!until.passed()) {
        const Uuid order = Uuid::v7();
        postgres::Work placing, paying;
        payments::place(placing, {.id = order, .user = user, .coins = coins, .price = price}, 60);
        co_await commit(pool, std::move(placing));
        payments::credit(paying, {payments::Provider::stars, order.text(), order, user, price, "XTR"}, payments::Second::credit);
        co_await commit(pool, std::move(paying));
        ++credits;
    }
}

Task<void> measure(postgres::Pool& pool, double seconds, int callers, int of_users) {
    std::int64_t credits = 0;
    const auto begin = Deadline::Steady::now();
    const Deadline until = Deadline::at(begin + std::chrono::duration_cast<Deadline::Steady::duration>(std::chrono::duration<double>(seconds)));
    TaskGroup group(co_await asio::this_coro::executor, "bench");
    for (int i = 0; i < callers; ++i) group.spawn("caller", caller(pool, until, UserId(1 + i % of_users), credits));
    co_await group.join(Deadline::never());
    fmt::print("{:.0f}\n", static_cast<double>(credits) / std::chrono::duration<double>(Deadline::Steady::now() - begin).count());
}

Task<void> prove(postgres::Pool& pool) {
    const auto faults = co_await wallet::verify(pool, soon());
    for (const auto& fault : faults) fmt::print("{}: user {} {}\n", fault.rule, fault.user.value, fault.detail);
    if (!faults.empty()) throw Error("the ledger does not hold");
}

Task<void> act(std::vector<std::string> args, int& status) {
    const int connections = args.size() > 5 ? std::stoi(args[5]) : 1;
    postgres::Pool pool(co_await asio::this_coro::executor,
                        {.dsn = Secret(args.at(1)), .size = static_cast<std::size_t>(connections), .statement_timeout = 60s});
    try {
        if (args[0] == "prepare") co_await fill(pool);
        if (args[0] == "run") co_await measure(pool, std::stod(args.at(2)), std::stoi(args.at(3)), std::stoi(args.at(4)));
        if (args[0] == "verify") co_await prove(pool);
        status = 0;
    } catch (const std::exception& e) { fmt::print(stderr, "bench_payments: {}\n", e.what()); }
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

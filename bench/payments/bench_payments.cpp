// bench_payments prepare DSN: the schema and 64 users.
// bench_payments run DSN SECONDS CALLERS USERS CONNECTIONS: each caller places an order of one of the users and has it paid, in two
// commits, over and over; prints the credits a second.
// bench_payments verify DSN: proves that the ledger holds after all that.
#include "ledger.hpp"
#include "studio/payments/payments.hpp"

namespace {

using namespace persona;

constexpr int users = 64;
const Coins coins = Coins::hundredths(100'00);
constexpr std::int64_t price = 80;

Task<void> order_and_pay(postgres::Pool& pool, UserId user) {
    const Uuid order = Uuid::v7();
    postgres::Work placing, paying;
    payments::place(placing, {.id = order, .user = user, .coins = coins, .price = price}, 60);
    co_await bench::commit(pool, std::move(placing));
    payments::credit(paying, {payments::Provider::stars, order.text(), order, user, price, "XTR"}, payments::Second::credit);
    co_await bench::commit(pool, std::move(paying));
}

Task<void> run_for(postgres::Pool& pool, const bench::Arguments& args) {
    const int of_users = std::stoi(args.at(4));
    co_await bench::measure(pool, std::stod(args.at(2)), std::stoi(args.at(3)),
                            [of_users](postgres::Pool& on, int caller) { return order_and_pay(on, UserId(1 + caller % of_users)); });
}

Task<void> act(postgres::Pool& pool, const bench::Arguments& args) {
    if (args[0] == "prepare") co_await bench::add_people(pool, users, Coins());
    if (args[0] == "run") co_await run_for(pool, args);
    if (args[0] == "verify") co_await bench::prove(pool);
}

}  // namespace

int main(int argc, char** argv) {
    const bench::Arguments args(argv + 1, argv + argc);
    return bench::main_of(args, args.size() > 5 ? std::stoul(args[5]) : 1, act);
}

// bench_wallet prepare DSN: the schema and 1,000 users with coins.
// bench_wallet run DSN SECONDS CALLERS CONNECTIONS: each caller holds 5.00 of a random user's and captures it, in two commits,
// over and over; prints the operations (hold and capture) a second.
// bench_wallet verify DSN: proves that the ledger holds after all that.
#include <random>

#include "ledger.hpp"

namespace {

using namespace persona;

constexpr int users = 1000;
const Coins price = Coins::hundredths(500), plenty = Coins::hundredths(1'000'000'000'000'00);

Task<void> hold_and_capture(postgres::Pool& pool, int) {
    static std::minstd_rand random(std::random_device{}());
    const UserId user(std::uniform_int_distribution<std::int64_t>(1, users)(random));
    const OperationId id(Uuid::v7());
    postgres::Work holding, capturing;
    wallet::hold(holding, user, id, price, "bench");
    co_await bench::commit(pool, std::move(holding));
    wallet::capture(capturing, id, price, "bench");
    co_await bench::commit(pool, std::move(capturing));
}

Task<void> act(postgres::Pool& pool, const bench::Arguments& args) {
    if (args[0] == "prepare") co_await bench::add_people(pool, users, plenty);
    if (args[0] == "run") co_await bench::measure(pool, std::stod(args.at(2)), std::stoi(args.at(3)), hold_and_capture);
    if (args[0] == "verify") co_await bench::prove(pool);
}

}  // namespace

int main(int argc, char** argv) {
    const bench::Arguments args(argv + 1, argv + argc);
    return bench::main_of(args, args.size() > 4 ? std::stoul(args[4]) : 1, act);
}

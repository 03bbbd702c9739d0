// What the benches of money share: people, callers who act over and over, the proof that the ledger holds.
#pragma once

#include <fmt/format.h>

#include <functional>

#include "program.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bench {

inline Task<void> commit(postgres::Pool& pool, postgres::Work work) {
    const auto result = co_await pool.commit(std::move(work), soon());
    if (!result) throw Error("refused: " + result.error().detail);
}

// Users 1 to `count`, each with so many coins.
inline Task<void> add_people(postgres::Pool& pool, int count, Coins coins) {
    static constexpr postgres::Query add{"bench.users",
                                         "SELECT account_register(n, n, NULL, 'Person', NULL, 'ru', '\\x00', 'bench', '\\x00', 1, $2::numeric, "
                                         "'bonus:welcome:' || n) FROM generate_series(1, $1::bigint) n"};
    postgres::Work work;
    work.add(add, count, coins);
    co_await commit(pool, std::move(work));
}

// What a caller does once; the number is the caller's.
using Act = std::function<Task<void>(postgres::Pool&, int caller)>;

inline Task<void> act_until(postgres::Pool& pool, Deadline until, int caller, Act act, std::int64_t& acts) {
    for (; !until.passed(); ++acts) co_await act(pool, caller);
}

// Prints how often a second.
inline Task<void> measure(postgres::Pool& pool, double seconds, int callers, Act act) {
    std::int64_t acts = 0;
    const auto begin = Deadline::Steady::now();
    const Deadline until = Deadline::at(begin + std::chrono::duration_cast<Deadline::Steady::duration>(std::chrono::duration<double>(seconds)));
    TaskGroup group(co_await asio::this_coro::executor, "bench");
    for (int i = 0; i < callers; ++i) group.spawn("caller", act_until(pool, until, i, act, acts));
    co_await group.join(Deadline::never());
    fmt::print("{:.0f}\n", static_cast<double>(acts) / std::chrono::duration<double>(Deadline::Steady::now() - begin).count());
}

inline Task<void> prove(postgres::Pool& pool) {
    const auto faults = co_await wallet::verify(pool, soon());
    for (const auto& fault : faults) fmt::print("{}: user {} {}\n", fault.rule, fault.user.value, fault.detail);
    if (!faults.empty()) throw Error("the ledger does not hold");
}

}  // namespace persona::bench

// Registered users for tests of what users own: each with a balance, a state and a data key, as the product makes them.
#pragma once

#include "postgres/pool.hpp"

namespace persona::test {

// Users 1 to `count`, each with `welcome` coins (zero: no ledger row) and a placeholder where a sealed state or key would be.
inline Task<void> add_people(postgres::Pool& pool, int count, Coins welcome) {
    static constexpr postgres::Query add{
        "test.people",
        "SELECT account_register(n, 5000000000 + n, NULL, 'Person', NULL, 'ru', '\\x00', 'test', '\\x00', 1, $2::numeric, "
        "'bonus:welcome:' || n) FROM generate_series(1, $1::bigint) n"};
    postgres::Work work;
    work.add(add, count, welcome);
    if (!co_await pool.commit(std::move(work), Deadline::after(30s))) throw Error("people were refused");
}

}  // namespace persona::test

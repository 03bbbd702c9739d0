// Registered users for tests of what users own: each with a balance, a state and a data key, as the product makes them.
#pragma once

#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::test {

// Users 1 to `count`, each with `welcome` coins (zero: no ledger row) and a placeholder where a sealed state or key would be.
inline Task<void> add_people(postgres::Pool& pool, int count, Coins welcome) {
    static constexpr postgres::Query add{"test.people",
                                         "SELECT account_register(n, 5000000000 + n, NULL, 'Person', NULL, 'ru', '\\x00', 'test', '\\x00', 1, "
                                         "$2::numeric, 'bonus:welcome:' || n) FROM generate_series(1, $1::bigint) n"};
    postgres::Work work;
    work.add(add, count, welcome);
    if (!co_await pool.commit(std::move(work), Deadline::after(30s))) throw Error("people were refused");
}

inline vault::Keyring test_keyring() { return vault::Keyring::from_text(std::string(64, '7'), "test"); }

// Replaces the placeholders by keys that open.
inline Task<void> give_keys(postgres::Pool& pool, vault::Vault& vault, int count) {
    static constexpr postgres::Query set{"test.keys", "UPDATE data_keys SET wrapped = $2::bytea, master = $3 WHERE owner = $1::bigint"};
    postgres::Work work;
    for (int user = 1; user <= count; ++user) {
        const auto wrapped = vault.wrap(vault::Key::random(), UserId(user));
        work.add(set, user, wrapped.bytes, wrapped.master);
    }
    if (!co_await pool.commit(std::move(work), Deadline::after(30s))) throw Error("keys were refused");
}

}  // namespace persona::test

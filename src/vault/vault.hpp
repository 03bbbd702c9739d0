// The data keys of the users, fetched from PostgreSQL once and kept in memory, bounded. Owned by main; one thread.
#pragma once

#include <list>
#include <unordered_map>

#include "async/deadline.hpp"
#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "vault/keyring.hpp"

namespace persona::vault {

class Vault {
public:
    // The system's own key (owner 0) belongs to what no user owns.
    static constexpr UserId system{0};

    Vault(Keyring keyring, postgres::Pool& pool) : keyring_(std::move(keyring)), pool_(pool) {}

    // Makes the system's key and the canary in an empty database; in a filled one proves that the keyring is the right one.
    // Throws Corrupt when it is not: nothing may be written then.
    Task<void> open(Deadline deadline);

    // Throws Corrupt when the user's key was destroyed or does not open.
    Task<Key> key_of(UserId owner, Deadline deadline);
    // Known only after open().
    const Key& system_key() const { return *system_key_; }
    // A new key for a user that is about to be registered; kept only when that succeeds.
    WrappedKey wrap(const Key& key, UserId owner) const { return keyring_.wrap(key, owner.value); }
    void remember(UserId owner, const Key& key);
    const Keyring& keyring() const { return keyring_; }

private:
    static constexpr std::size_t most_keys = 20'000;  // about 2 MB
    Keyring keyring_;
    postgres::Pool& pool_;
    std::optional<Key> system_key_;
    std::list<std::pair<UserId, Key>> recent_;  // newest first
    std::unordered_map<UserId, std::list<std::pair<UserId, Key>>::iterator> by_owner_;
};

}  // namespace persona::vault

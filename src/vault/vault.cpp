#include "vault/vault.hpp"

#include <sodium.h>

#include "base/error.hpp"

namespace persona::vault {
namespace {

constexpr postgres::Query read_key{"vault.key", "SELECT wrapped, master FROM data_keys WHERE owner = $1::bigint"};
constexpr postgres::Query add_key{"vault.add_key",
                                  "INSERT INTO data_keys (owner, wrapped, master) VALUES ($1::bigint, $2::bytea, $3) ON CONFLICT (owner) DO NOTHING"};
constexpr postgres::Query read_canary{"vault.canary", "SELECT sealed FROM vault_canary"};
constexpr postgres::Query add_canary{"vault.add_canary", "INSERT INTO vault_canary (sealed) VALUES ($1::bytea) ON CONFLICT DO NOTHING"};

constexpr std::string_view canary_text = "tweet";
const Place canary_place{"vault_canary.sealed", std::int64_t{0}};

}  // namespace

Task<void> Vault::open(Deadline deadline) {
    if (sodium_init() < 0) throw Error("libsodium does not start");
    if ((co_await pool_.read(deadline, read_canary)).empty()) {
        // Two processes may start on an empty database: the first system key wins, the canary is sealed with that one.
        const WrappedKey fresh = keyring_.wrap(Key::random(), system.value);
        postgres::Work work;
        work.add(add_key, system, fresh.bytes, fresh.master);
        if (!co_await pool_.commit(std::move(work), deadline)) throw Error("the vault could not be made");
        const Key key = co_await key_of(system, deadline);
        postgres::Work canary;
        canary.add(add_canary, seal(key, canary_place, canary_text));
        if (!co_await pool_.commit(std::move(canary), deadline)) throw Error("the vault could not be made");
    }
    system_key_ = co_await key_of(system, deadline);
    const auto sealed = (co_await pool_.read(deadline, read_canary)).value<Bytes>();
    if (vault::open(*system_key_, canary_place, sealed) != canary_text) throw Corrupt("the vault's canary says something else");
}

Task<Key> Vault::key_of(UserId owner, Deadline deadline) {
    if (const auto at = by_owner_.find(owner); at != by_owner_.end()) {
        recent_.splice(recent_.begin(), recent_, at->second);
        co_return at->second->second;
    }
    const auto rows = co_await pool_.read(deadline, read_key, owner);
    if (rows.empty() || rows[0].is_null(0)) throw Corrupt("there is no data key for owner " + std::to_string(owner.value));
    const Key key = keyring_.unwrap({rows[0].get<Bytes>(0), rows[0].get<std::string>(1)}, owner.value);
    remember(owner, key);
    co_return key;
}

void Vault::remember(UserId owner, const Key& key) {
    if (by_owner_.contains(owner)) return;
    recent_.emplace_front(owner, key);
    by_owner_[owner] = recent_.begin();
    if (recent_.size() <= most_keys) return;
    by_owner_.erase(recent_.back().first);
    recent_.pop_back();
}

}  // namespace persona::vault

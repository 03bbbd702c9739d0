// Who did what to whom, from where. A row is part of the Work that does it; a sealer chains the rows by hash and signs the end
// of the chain with a key that the database never sees: whoever changes, removes or inserts a row afterwards is found out,
// even with every right on the database.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::audit {

struct Entry {
    std::string actor;                                     // "user:17", "admin:ann", "system:scheduler"
    std::string action;                                    // "wallet.adjust", "login.refused"
    std::string subject;                                   // what it was done to: "user:17", "promo:SPRING"
    std::string origin;                                    // an address, "telegram", "cli"; never a secret: these four are stored as they are
    boost::json::value before = nullptr, after = nullptr;  // sealed; null when there is nothing to tell
    UserId owner = vault::Vault::system;                   // whose key seals them
    std::optional<Uuid> event = {};                        // of what may be repeated: it is recorded once
};

// key: the owner's.
std::size_t record(postgres::Work& work, const Entry& entry, const vault::Key& key);

// Chains what was committed since, oldest first, and signs the end; gives the number of rows. One process at a time, the
// others give 0. Called each second by the scheduler. Throws Corrupt when the signed end does not fit: nothing is chained then.
Task<int> seal(postgres::Pool& pool, const vault::Vault& vault, Deadline deadline);

// The first place of the chain (from 1) that does not hold, one past its end when rows at the end are missing; nothing when all
// hold. Rows of the last second may not be chained yet. Reads all of it. Throws Corrupt when the end is not signed by us.
Task<std::optional<std::int64_t>> verify(postgres::Pool& pool, const vault::Vault& vault, Deadline deadline);

}  // namespace persona::audit

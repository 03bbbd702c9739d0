// Coins that an operator gives or takes by hand, with a reason and a name: the row of the ledger and the row of the audit log are one
// Work (D2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "vault/seal.hpp"

namespace persona::payments {

struct Adjustment {
    UserId user;
    Coins amount;        // below zero: taken, of what is available only
    std::string reason;  // the person reads it in the history
    std::string key;     // of the decision; with the same key it acts once, however often it is confirmed
    std::string actor;   // who decided: "admin:5000000001", "admin:ann"
    std::string origin;  // "telegram", "cli"
};

// Not blank, and at most 500 bytes.
bool is_reason(std::string_view text);

// Nothing is appended, and nothing given, without a reason (blank, or of more than 500 bytes). Otherwise the place of its value: "t" when
// this Work did it, "f" when the key was used before. Refused: what wallet::post refuses. system: the vault's system_key().
std::optional<std::size_t> adjust(postgres::Work& work, const Adjustment& adjustment, const vault::Key& system);

}  // namespace persona::payments

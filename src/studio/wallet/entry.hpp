// A row of the ledger as it is shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/coins.hpp"
#include "base/time.hpp"

namespace persona::wallet {

enum class Kind { topup, bonus, charge, refund, promo, adjustment, migration };
std::string_view word(Kind kind);

struct Entry {
    std::int64_t id;
    Coins amount;  // below zero: taken
    Kind kind;
    std::string description;
    std::string key;
    Coins balance_after;
    Time at;
};

}  // namespace persona::wallet

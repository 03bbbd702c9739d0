// Promo codes as values: what a code is worth and what a flow says of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/coins.hpp"
#include "base/uuid.hpp"

namespace persona::promo {

enum class Kind { amount, bonus, discount };
std::string_view word(Kind kind);
std::optional<Kind> kind_of(std::string_view word);

// As it is compared and stored: upper case, without blanks around; nothing where it cannot be a code (3 to 40 letters, digits, - and _,
// Cyrillic too).
std::optional<std::string> normalised(std::string_view text);

enum class Verdict {
    ok,
    unknown,
    inactive,
    invalid,    // not yet, not any more, or used up
    used,       // by this user as often as allowed
    waits,      // another code of this user waits for a top-up
    too_often,  // too many codes were tried in vain (P20)
};

struct Offer {
    Verdict verdict;
    Kind kind = Kind::amount;  // these where ok
    Coins value;               // coins of an amount; percent of the others
};
struct Waiting {
    Uuid use;
    std::string code;
    Kind kind;
    Coins value;
};

// What a top-up comes to with the code that waits: its price lowered, or coins added.
struct Terms {
    std::int64_t price = 0;
    Coins bonus = {};
};
Terms terms(Coins coins, std::int64_t price, const std::optional<Waiting>& code);

// Percent, as coins with two decimals. A discounted price is at least 1, rounded up; a bonus is rounded down.
std::int64_t discounted(std::int64_t price, Coins percent);
Coins bonus_of(Coins coins, Coins percent);

}  // namespace persona::promo

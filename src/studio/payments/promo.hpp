// Promo codes: coins at once, or a bonus or discount on the next top-up. Compared without regard to case and blanks around. Rules stand
// in migrations/0016_promo.sql.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"

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
// What this code is for this user now. code: normalised.
Task<Offer> offer(postgres::Pool& pool, UserId user, std::string code, int tries_an_hour, Deadline deadline);

// Refused with PS030 when the verdict is not ok any more. use: the id of this use, the same for a repeat.
std::size_t use(postgres::Work& work, UserId user, std::string_view code, Uuid use);
std::size_t note_miss(postgres::Work& work, UserId user);
bool refused(const postgres::Refusal& refusal);

struct Waiting {
    Uuid use;
    std::string code;
    Kind kind;
    Coins value;
};
// What counts for the next top-up.
Task<std::optional<Waiting>> waiting(postgres::Pool& pool, UserId user, Deadline deadline);

// Percent, as coins with two decimals. A discounted price is at least 1, rounded up; a bonus is rounded down.
std::int64_t discounted(std::int64_t price, Coins percent);
Coins bonus_of(Coins coins, Coins percent);

struct Code {
    std::string code;
    Kind kind;
    Coins value;
    std::optional<std::int64_t> most_uses;
    int per_user = 1;
    std::optional<Time> from, until;
    bool active = true;
    std::int64_t uses = 0;
    std::string created_by;
};
// D6.
enum class Refused {
    exists,
    impossible,  // dates or values that cannot be
};
std::size_t create(postgres::Work& work, const Code& code);
std::optional<Refused> refused_new(const postgres::Refusal& refusal);
// Value: "t" when there is such a code.
std::size_t disable(postgres::Work& work, std::string_view code);
Task<std::vector<Code>> codes(postgres::Pool& pool, Deadline deadline);

}  // namespace persona::promo

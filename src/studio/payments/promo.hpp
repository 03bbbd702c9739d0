// Promo codes: coins at once, or a bonus or discount on the next top-up. Compared without regard to case and blanks around. Rules stand
// in migrations/0016_promo.sql.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"
#include "studio/payments/promo_code.hpp"

namespace persona::promo {

// What this code is for this user now. code: normalised.
Task<Offer> offer(postgres::Pool& pool, UserId user, std::string code, int tries_an_hour, Deadline deadline);

// Refused with PS030 when the verdict is not ok any more. use: the id of this use, the same for a repeat.
std::size_t use(postgres::Work& work, UserId user, std::string_view code, Uuid use);
std::size_t note_miss(postgres::Work& work, UserId user);
bool refused(const postgres::Refusal& refusal);

// What counts for the next top-up.
Task<std::optional<Waiting>> waiting(postgres::Pool& pool, UserId user, Deadline deadline);

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

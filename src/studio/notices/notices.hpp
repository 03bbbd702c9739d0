// What a person is told without having asked: written with the fact that it tells, in the same Work, and sent once, when the person
// may be disturbed. Rules stand in migrations/0015_notices.sql; the words are the bot's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"

namespace persona::notices {

enum class Kind {
    credited,  // coins that were paid for, or given with them
    refunded,  // coins that a provider took back
    low,       // a charge took the balance below the threshold (C6)
};

struct Notice {
    std::int64_t id;
    UserId user;
    Kind kind;
    Coins coins;         // credited, taken back; of low: the balance then
    bool wanted;         // the person has notices on
    std::string resume;  // credited: data of the button that coins were missing for
};
// Those that are due, oldest first, at most `most`.
Task<std::vector<Notice>> due(postgres::Pool& pool, int most, Deadline deadline);

enum class Ending { told, muted };
// Refused with PS002 when it was ended before: whoever sends it commits this with the message.
std::size_t end(postgres::Work& work, std::int64_t notice, Ending ending);
// Not before this time.
std::size_t put_off(postgres::Work& work, std::int64_t notice, Time until);

// Appended to the Work that captures `operation`: a notice when this charge crossed the threshold downwards.
std::size_t watch_low(postgres::Work& work, OperationId operation, Coins threshold);

// Payments are told in any case, the rest as the person has chosen and not at night (C7).
constexpr bool always(Kind kind) { return kind != Kind::low; }

}  // namespace persona::notices

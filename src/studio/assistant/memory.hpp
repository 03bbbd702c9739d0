// What the dialogue with the assistant remembers of itself: its last exchanges, sealed with the person's key, until they are forgotten.
#pragma once

#include <string>
#include <vector>

#include "base/ids.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::assistant {

struct Exchange {
    std::string question, answer;
};

struct Memory {
    std::vector<Exchange> exchanges;  // the oldest first
    std::int64_t epoch = 0;           // of the row it was read from
};

constexpr std::size_t most_exchanges = 8;
constexpr std::size_t most_bytes = 12'000;  // of all of them; the oldest go first, a longer answer is cut

// One more exchange, within those bounds.
void add(Memory& memory, Exchange exchange);

// Empty where nothing is remembered.
Task<Memory> recall(postgres::Pool& pool, UserId user, const vault::Key& key, Deadline deadline);
// Does nothing when it was forgotten since it was recalled.
void remember(postgres::Work& work, UserId user, const vault::Key& key, const Memory& memory);
void forget(postgres::Work& work, UserId user);

}  // namespace persona::assistant

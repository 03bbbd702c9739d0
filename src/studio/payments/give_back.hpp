// An operator gives a charge back: the provider first, whose word counts, then the ledger. Killed between the two it is done again with
// the same key and comes to the same; whoever else hears of the refund first takes the coins back, once.
#pragma once

#include <expected>
#include <functional>

#include "studio/payments/told.hpp"
#include "vault/seal.hpp"

namespace persona::payments {

// Asks the provider to give `left` of a charge back, under a key that follows from both. Gives the refund; nothing while it is still at it;
// a sentence for the operator where it does not.
using AskBack = std::function<Task<std::expected<std::optional<Told>, std::string>>(Known charge, std::int64_t left, Deadline)>;

// Who wants it. It is in the audit log before the provider hears of it, once for each charge and amount.
struct Wish {
    std::string actor, origin;  // as audit::Entry has them
    const vault::Key& system;   // the vault's system_key()
};

struct GivenBack {
    enum class Outcome {
        done,
        before,   // there was nothing left to give back
        pending,  // the provider took it on: its word will come
        unknown,  // no such charge of ours
        refused,  // by the provider, or it does not answer
    };
    Outcome outcome;
    std::int64_t amount = 0;  // as Order::price
    std::string why = {};     // where refused
};
Task<GivenBack> give_back(postgres::Pool& pool, Provider provider, std::string charge, AskBack ask, Wish wish, Deadline deadline);

}  // namespace persona::payments

// Fetches what a flow asked for, from the capabilities that own it.
#pragma once

#include "base/ids.hpp"
#include "bot/surroundings.hpp"
#include "postgres/pool.hpp"
#include "vault/seal.hpp"

namespace persona::bot {

// Adds what `need` names to `data`; what is there already is not read again. key: the user's, names are sealed with it.
Task<void> learn(postgres::Pool& pool, UserId user, vault::Key key, const Surroundings& around, Need need, Data& data, Deadline deadline);

}  // namespace persona::bot

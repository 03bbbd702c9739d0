// Gives back the Stars of second payments, where the operator's rule is to return them (payments::to_return). Run by the scheduler; any
// number of processes may: Telegram gives back once.
#pragma once

#include "postgres/pool.hpp"
#include "telegram/api.hpp"

namespace persona::bot {

// Until cancelled.
Task<void> return_seconds(postgres::Pool& pool, telegram::Api& api);
// One look; the number of charges that went back.
Task<int> return_seconds_once(postgres::Pool& pool, telegram::Api& api);

}  // namespace persona::bot

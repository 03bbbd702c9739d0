// What a person paid for, each with what came of it (C5).
#pragma once

#include <vector>

#include "postgres/pool.hpp"
#include "studio/analytics/used.hpp"

namespace persona::analytics {

// Charged operations, newest first. before: the id of the last one of the page before; 0 for the first page. most: 1 to 100.
Task<std::vector<Used>> used(postgres::Pool& pool, UserId user, std::int64_t before, int most, Deadline deadline);

}  // namespace persona::analytics

// What came in, what was used and by whom: every figure is a query on the ledger, the users and their work, for days of the operator's
// time zone. Reads only.
#pragma once

#include "postgres/pool.hpp"
#include "studio/analytics/days.hpp"
#include "studio/analytics/figures.hpp"
#include "studio/analytics/report.hpp"

namespace persona::analytics {

// The rows of the ledger, oldest first.
Task<Report> transactions(postgres::Pool& pool, Days days, Deadline deadline);

// By day and account, each row of the ledger in one of its lines: revenue of a service (charges less what was given back), top-ups and
// what a provider took back, what was given as promotion, adjustments, migration. Coins are from our side where they are revenue, else
// from the users'.
Task<Report> revenue(postgres::Pool& pool, Days days, Deadline deadline);

// By day: new users, active ones (a row of the ledger or a job), paying ones (a top-up), all at its end.
Task<Report> users(postgres::Pool& pool, Days days, Deadline deadline);

// By service: operations that were charged, their coins, those that were given back afterwards, and those that came to nothing: all of
// them, and of these the cancelled ones.
Task<Report> usage(postgres::Pool& pool, Days days, Deadline deadline);

Task<Summary> summary(postgres::Pool& pool, Time now, std::string zone, Deadline deadline);

}  // namespace persona::analytics

// Our charges and reversals against a provider's own list, both ways: what was paid and never told is credited, what was refunded elsewhere
// is taken back, and what only we know is an alert. Page by page; what was seen lies in the database, so memory is bounded by a page.
// It may run at any time, beside notifications and beside itself. Rules stand in migrations/0019_reconciliation.sql.
#pragma once

#include <memory>
#include <vector>

#include "studio/payments/told.hpp"

namespace persona::payments {

struct Period {  // of the provider's clock, [from, to)
    Time from, to;
};

// A provider's list. An object lists once. Throws Unavailable where the provider does not answer.
class Statement {
public:
    virtual ~Statement() = default;
    virtual Provider provider() const = 0;
    // The next page of what happened in the period, in any order; an empty one may come. Nothing: this was all.
    virtual Task<std::optional<std::vector<Told>>> next(Deadline deadline) = 0;
    // Those of at most 100 payments (or refunds) that the provider does not know, whenever they were.
    virtual Task<std::vector<std::string>> strangers(std::vector<std::string> ids, bool refunds, Deadline deadline) = 0;
};
// Opens the list of a period; called once a run.
using OpenStatement = std::function<std::unique_ptr<Statement>(Period)>;

struct Report {
    Period period;
    std::int64_t payments = 0, refunds = 0;   // that the provider told
    std::int64_t credited = 0, reversed = 0;  // made good
    // What needs an operator, and no one has resolved: payments that fit no order of ours or differ from what we credited; charges and
    // reversals of ours that the provider does not know.
    std::int64_t refused = 0, missing = 0;
    bool clean() const { return refused == 0 && missing == 0; }
};

// The operator's: of the last `days`.
Task<Report> reconcile(postgres::Pool& pool, Provider provider, OpenStatement open, int days, Second second, Deadline deadline);
// The clock's: once a day whatever number of processes asks; nothing when it is not due. A run that failed is due again after an hour.
Task<std::optional<Report>> reconcile_daily(postgres::Pool& pool, Provider provider, OpenStatement open, Second second, Deadline deadline);

}  // namespace persona::payments

// The bot's list of Stars, as reconciliation reads it. Telegram lists from the first payment on and finds none by its id: the start of a
// period is found by halving, a stranger by looking at everything.
#pragma once

#include "studio/payments/reconcile.hpp"
#include "studio/payments/stars/wire.hpp"
#include "telegram/api.hpp"

namespace persona::stars {

class Statement final : public payments::Statement {
public:
    Statement(telegram::Api& api, payments::Period period) : api_(api), period_(period) {}

    payments::Provider provider() const override { return payments::Provider::stars; }
    Task<std::optional<std::vector<payments::Told>>> next(Deadline deadline) override;
    Task<std::vector<std::string>> strangers(std::vector<std::string> ids, bool refunds, Deadline deadline) override;

private:
    Task<std::vector<Transaction>> page(std::int64_t offset, std::int64_t limit, Deadline deadline);
    // Whether there is a transaction at this place, and it is older than the period.
    Task<bool> before(std::int64_t offset, Deadline deadline);
    Task<std::int64_t> start(Deadline deadline);

    telegram::Api& api_;
    payments::Period period_;
    std::optional<std::int64_t> offset_;  // of the next page
    bool end_ = false;
};

}  // namespace persona::stars

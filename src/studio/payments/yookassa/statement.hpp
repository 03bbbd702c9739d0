// YooKassa's own lists of payments and refunds, as reconciliation reads them.
#pragma once

#include "studio/payments/reconcile.hpp"
#include "studio/payments/yookassa/client.hpp"

namespace persona::yookassa {

class Statement final : public payments::Statement {
public:
    Statement(Client& client, payments::Period period) : client_(client), window_{period.from, period.to} {}

    payments::Provider provider() const override { return payments::Provider::yookassa; }
    // Payments first, then refunds; what did not succeed is not told.
    Task<std::optional<std::vector<payments::Told>>> next(Deadline deadline) override;
    // Asks for each.
    Task<std::vector<std::string>> strangers(std::vector<std::string> ids, bool refunds, Deadline deadline) override;

private:
    Client& client_;
    Window window_;
    bool refunds_ = false, end_ = false;
    std::string cursor_;
};

}  // namespace persona::yookassa

// One movement of money as a provider tells it, by a notification or in its list, and its way into the ledger.
#pragma once

#include "postgres/pool.hpp"
#include "studio/payments/order.hpp"

namespace persona::payments {

struct Told {
    Provider provider;
    bool refund = false;
    std::string id;      // of the payment or of the refund
    std::string charge;  // the payment's id; of a refund: what it gives back
    std::int64_t amount = 0;
    std::string currency;
    std::optional<Uuid> order;        // that the payment names
    std::optional<TelegramId> payer;  // where the provider knows
    Time at{};                        // of the provider's clock
};

// Credits a payment by the rules of migrations/0017_payments.sql: its order must be ours, of this payer and price, and know no other
// payment by this name. What does not fit is an alert and a line of the log, and credits nothing (P7). The person is told by a notice.
Task<Credit> credit_told(postgres::Pool& pool, Told told, Second second, Deadline deadline);
// Takes back what a refund gave. False when that was done before.
Task<bool> reverse_told(postgres::Pool& pool, Told told, Deadline deadline);

}  // namespace persona::payments

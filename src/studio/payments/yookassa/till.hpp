// Orders in roubles from both sides: offered to YooKassa, and what YooKassa says of their payments carried into the ledger. Everything
// here may be done any number of times, by any process: what counts is done once by the rules of migrations/0017_payments.sql.
// Owned by main; one thread. Throws Unavailable where our database is away.
#pragma once

#include "postgres/pool.hpp"
#include "studio/payments/told.hpp"
#include "studio/payments/yookassa/client.hpp"

namespace persona::yookassa {

struct Terms {
    bool capture = true;     // take the money as soon as it is paid; false: hold it, then take it when we have looked at it
    std::string return_url;  // where the person goes after paying
};

enum class Settled {
    credited,
    again,      // was done before
    cancelled,  // will not be paid
    waits,      // not decided yet
    reversed,   // a refund, taken back from the person
    refused,    // does not fit an order of ours: nothing is credited, an operator is alerted (P7)
};

class Till {
public:
    Till(postgres::Pool& pool, Client& client, Terms terms) : pool_(pool), client_(client), terms_(std::move(terms)) {}

    // Makes the payment of an order that was placed, and remembers its name. Gives where it is paid; empty when there is nothing to pay any
    // more. Trouble of kind `later` may have made it: offer the same order again, within `key_life` of its placing.
    Task<Answer<std::string>> offer(payments::Order order, Deadline deadline);
    // Asks YooKassa, which alone is believed, and does what follows.
    Task<Answer<Settled>> look_at_payment(std::string id, Deadline deadline);
    Task<Answer<Settled>> look_at_refund(std::string id, Deadline deadline);
    // What was asked for already.
    Task<Answer<Settled>> settle(Payment payment, Deadline deadline);
    Task<Settled> settle(Refund refund, Deadline deadline);

    // One round over the orders whose offer had no answer and over those younger than `age` that nobody told us the end of (P9). Gives how
    // many were decided; stops where YooKassa does not answer.
    Task<Answer<int>> look_after(std::chrono::seconds age, Deadline deadline);

private:
    Task<Answer<Settled>> take(Payment payment, Deadline deadline);
    Task<Settled> credit(Payment payment, Deadline deadline);
    Task<Settled> give_up(Payment payment, Deadline deadline);
    Task<std::optional<payments::Order>> bought_by(const Payment& payment, Deadline deadline);
    Task<Settled> refuse(std::string kind, std::string object, std::string detail, Deadline deadline);
    Task<Answer<void>> repeat_offers(Deadline deadline);
    Task<bool> drop(Uuid order, Deadline deadline);
    Task<postgres::Committed> commit(postgres::Work work, Deadline deadline);

    postgres::Pool& pool_;
    Client& client_;
    Terms terms_;
};

payments::Told told(const Payment& payment);
payments::Told told(const Refund& refund);

// YooKassa remembers a key of idempotence for a day; an hour of it is left for clocks.
inline constexpr std::chrono::hours key_life{23};

}  // namespace persona::yookassa

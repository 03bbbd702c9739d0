// The last look before Telegram takes Stars: the order is there, open, this person's and of this price. Read-only, on a connection of
// its own, so that no other work delays it; in doubt the answer is a kind no, and nothing was charged.
#pragma once

#include "bot/catalogue/text.hpp"
#include "postgres/pool.hpp"
#include "studio/payments/order.hpp"
#include "telegram/call.hpp"
#include "telegram/update.hpp"

namespace persona::bot {

// Why not; nothing: take it. second: the operator's rule for an invoice that is paid already.
std::optional<Text> refusal(const std::optional<payments::Order>& order, const telegram::PreCheckout& query, payments::Second second);

class Checkout {
public:
    // pool: used by nobody else; must outlive it.
    Checkout(postgres::Pool& pool, payments::Second second) : pool_(pool), second_(second) {}
    // telegram::PreCheckoutHandler.
    Task<telegram::Call> answer(telegram::PreCheckout query);

private:
    postgres::Pool& pool_;
    payments::Second second_;
};

}  // namespace persona::bot

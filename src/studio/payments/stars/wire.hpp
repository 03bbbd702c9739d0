// The bot's account of Stars as the Bot API tells it (getStarTransactions, core.telegram.org/bots/api#startransaction). Pure.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <vector>

#include "studio/payments/told.hpp"

namespace persona::stars {

struct Transaction {
    Time at;
    // Nothing for what is no payment of an invoice: a withdrawal, a gift, a reward.
    std::optional<payments::Told> told;
};
// The transactions of an answer in its order; nothing where it is not of the API's form.
std::optional<std::vector<Transaction>> read_transactions(const boost::json::value& result);

}  // namespace persona::stars

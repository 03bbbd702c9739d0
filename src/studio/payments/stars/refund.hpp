// Giving Stars back at an operator's wish (refundStarPayment): all of a charge or nothing.
#pragma once

#include "studio/payments/give_back.hpp"
#include "telegram/api.hpp"

namespace persona::stars {

// api: lives as long as what is given.
payments::AskBack ask_back(telegram::Api& api);

}  // namespace persona::stars

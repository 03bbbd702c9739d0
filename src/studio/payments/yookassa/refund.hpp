// Giving roubles back at an operator's wish.
#pragma once

#include "studio/payments/give_back.hpp"
#include "studio/payments/yookassa/client.hpp"

namespace persona::yookassa {

// client: lives as long as what is given.
payments::AskBack ask_back(Client& client);

}  // namespace persona::yookassa

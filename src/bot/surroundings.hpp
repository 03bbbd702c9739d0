// What the operator has set and what this installation can do: the same for every turn.
#pragma once

#include <string>
#include <vector>

#include "bot/turn.hpp"

namespace persona::bot {

struct Surroundings {
    Prices prices;
    Limits limits;
    std::vector<std::string> heard;           // languages that some engine recognises
    Coins welcome = Coins::hundredths(10000); // INITIAL_BALANCE
    std::string time_zone = "Europe/Moscow";  // of people who chose none
};

}  // namespace persona::bot

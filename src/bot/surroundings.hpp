// What the operator has set and what this installation can do: the same for every turn.
#pragma once

#include <string>
#include <vector>

#include "bot/turn.hpp"

namespace persona::bot {

struct Surroundings {
    Prices prices;
    Limits limits;
    bool models = false;                       // a language model is configured
    std::vector<std::string> heard;            // languages that some engine recognises
    Coins welcome = Coins::hundredths(10000);  // INITIAL_BALANCE
    std::string time_zone = "Europe/Moscow";   // of people who chose none
};

// Whom a turn or a job speaks to, as the account knows them; empty where they chose nothing.
struct Listener {
    std::string language, telegram_language, time_zone, first_name, recording_language;
};

Context context_of(const Surroundings& around, const Listener& listener, Uuid event_id);

}  // namespace persona::bot

// What the operator has set and what this installation can do: the same for every turn.
#pragma once

#include <string>
#include <vector>

#include "bot/turn.hpp"
#include "studio/accounts/accounts.hpp"

namespace persona::bot {

// Hours of the person's day in which only payments are told: from 22 until 9 o'clock. Equal ones: none.
struct Quiet {
    int from = 22, until = 9;
};

struct Surroundings {
    Prices prices;
    Limits limits;
    Sale sale;
    Darkroom darkroom;
    bool models = false;                          // a language model is configured
    std::vector<std::string> heard;               // languages that some engine recognises
    Coins welcome = Coins::hundredths(10000);     // INITIAL_BALANCE
    std::string time_zone = "Europe/Moscow";      // of people who chose none
    Coins low_balance = Coins::hundredths(1000);  // below it a notice says so
    Quiet quiet;
    std::vector<TelegramId> admins;
    int promo_tries = 10;  // in vain, an hour
};

// Whom a turn or a job speaks to, as the account knows them; empty where they chose nothing.
struct Listener {
    std::string language, telegram_language, time_zone, first_name, recording_language;
    bool notices = true;
};
Listener listener_of(const accounts::Address& address);

Context context_of(const Surroundings& around, const Listener& listener, Uuid event_id);

}  // namespace persona::bot

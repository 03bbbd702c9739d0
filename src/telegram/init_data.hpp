// What a Mini App is opened with (core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app): who the person is, signed by
// Telegram. Pure; takes the bytes of strangers.
#pragma once

#include <chrono>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "telegram/update.hpp"

namespace persona::telegram {

struct InitData {
    Person user;
    Time at;                  // auth_date
    std::string start_param;  // as /start has one; empty where there is none
};

enum class InitFault {
    malformed,    // no init data, one without a user, or a name twice
    forged,       // not signed by this bot's token
    expired,      // older than `life`; Telegram's own apps may keep it for a day
    from_future,  // by more than clocks differ
};

struct InitRules {
    std::chrono::seconds life = std::chrono::hours(24), skew = std::chrono::minutes(1);
};

// text: as the app has it, percent encoded, at most 8 KiB.
std::expected<InitData, InitFault> open_init_data(std::string_view text, const Secret& token, Time now, InitRules rules = {});
// The same without the bot's token: by the `signature` that Telegram makes with its own key (Ed25519).
std::expected<InitData, InitFault> open_init_data_for(BotId bot, ByteView telegram_key, std::string_view text, Time now, InitRules rules = {});

// The keys that Telegram signs with, 64 hexadecimal digits.
inline constexpr std::string_view init_data_key = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d";

using InitFields = std::vector<std::pair<std::string, std::string>>;
// The field `hash` that belongs to these, decoded and without it: 64 hexadecimal digits.
std::string init_data_hash(const InitFields& fields, const Secret& token);

}  // namespace persona::telegram

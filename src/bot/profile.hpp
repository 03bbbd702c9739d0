// How the bot presents itself in Telegram: commands and descriptions in both languages, and where updates shall go.
#pragma once

#include "telegram/api.hpp"

namespace persona::bot {

// Sets commands and descriptions; tried a few times, then left for the next start: the bot works without it.
Task<void> introduce(telegram::Api& api);
// Retries until Telegram accepts it or the caller is cancelled.
Task<void> set_webhook(telegram::Api& api, std::string url, Secret secret);

}  // namespace persona::bot

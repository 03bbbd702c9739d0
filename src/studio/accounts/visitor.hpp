// A person as a page shows them: looks at no state and needs no key.
#pragma once

#include <optional>
#include <string>

#include "postgres/pool.hpp"

namespace persona::accounts {

struct Visitor {
    UserId id;
    TelegramId telegram;
    std::string first_name, username, language;  // language: chosen, else Telegram's; empty where absent
    bool banned = false;
};
Task<std::optional<Visitor>> visitor(postgres::Pool& pool, UserId user, Deadline deadline);
Task<std::optional<Visitor>> visitor(postgres::Pool& pool, TelegramId telegram, Deadline deadline);

}  // namespace persona::accounts

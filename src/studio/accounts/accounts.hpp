// Who uses Persona: registration at the first contact, profile, settings, and the sealed state of the conversation whose
// version is the user's lock. Rules stand in migrations/0002_accounts.sql.
#pragma once

#include <optional>
#include <string>

#include "base/coins.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::accounts {

// What Telegram says about a person; follows Telegram.
struct Profile {
    std::string username, first_name, last_name, language;  // empty where absent

    friend bool operator==(const Profile&, const Profile&) = default;
};

// A user as an event needs them.
struct Account {
    UserId id;
    TelegramId telegram;
    Profile profile;
    std::string language;                 // the person's own choice: "ru", "en" or empty
    std::string time_zone;                // IANA name or empty
    std::string recording_language = {};  // "ru", "en" or empty: found in each recording
    bool notices = true;                  // the person wants them
    bool bot_blocked = false;
    std::int64_t version = 0;  // of the state
    std::string state;         // opened
};

// Nothing for a stranger. Throws Corrupt when the stored state does not open: it is never overwritten then.
Task<std::optional<Account>> find(postgres::Pool& pool, vault::Vault& vault, TelegramId telegram, Deadline deadline);

struct NewAccount {
    TelegramId telegram;
    Profile profile;
    std::string state;  // the first one
    Coins welcome;      // zero: no ledger row
};
// User, settings, balance, state, data key and welcome credit in one transaction, once per Telegram id however many
// processes try at the same time.
Task<Account> register_account(postgres::Pool& pool, vault::Vault& vault, NewAccount fresh, Deadline deadline);

// The version after this one: the counter grows, 20 random bits make two writers differ.
std::int64_t next_version(std::int64_t version);
// Refused (changed) when another event of this user committed since `expected` was read.
void put_state(postgres::Work& work, const Account& account, const vault::Key& key, std::string_view state, std::int64_t version);
bool state_changed(const postgres::Refusal& refusal);

void follow_profile(postgres::Work& work, UserId user, const Profile& profile);
void choose_language(postgres::Work& work, UserId user, std::string_view language);
// Empty: it is found in each recording.
void choose_recording_language(postgres::Work& work, UserId user, std::string_view language);

void choose_notices(postgres::Work& work, UserId user, bool wanted);

// Nothing for a stranger. Looks at no state.
Task<std::optional<UserId>> id_of(postgres::Pool& pool, TelegramId telegram, Deadline deadline);

// The person blocked the bot, or came back. A stranger is left alone.
Task<void> mark_blocked(postgres::Pool& pool, TelegramId telegram, bool blocked, Deadline deadline);

// Groups hear once that the bot works in private.
Task<bool> group_was_told(postgres::Pool& pool, BotId bot, ChatId group, Deadline deadline);
void tell_group(postgres::Work& work, BotId bot, ChatId group);

// The user's next number for a kind of thing ("transcript"): 1, 2, …; gaps are possible.
Task<std::int64_t> next_number(postgres::Pool& pool, UserId user, std::string_view name, Deadline deadline);

// For what speaks to a person without an event of theirs (the ends of jobs).
struct Address {
    TelegramId telegram;
    std::string language, telegram_language, time_zone, first_name, recording_language;
    bool notices = true;
};
Task<std::optional<Address>> address_of(postgres::Pool& pool, UserId user, Deadline deadline);

}  // namespace persona::accounts

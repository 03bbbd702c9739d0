// The accounts of the people who speak right now: PostgreSQL is the truth, Redis the quick copy. A copy is sealed with the
// system's key, carries the database's epoch, and is only ever replaced by a newer version; it may vanish at any moment.
#pragma once

#include "base/coins.hpp"
#include "bot/hot_states.hpp"
#include "bot/state.hpp"
#include "studio/accounts/accounts.hpp"
#include "telegram/update.hpp"
#include "vault/vault.hpp"

namespace persona::bot {

struct Session {
    accounts::Account account;
    vault::Key key;
    std::optional<State> state;  // nothing: stored, but unknown to this release
};

class Sessions {
public:
    Sessions(postgres::Pool& pool, vault::Vault& vault, Coins welcome, HotStates& hot) : pool_(pool), vault_(vault), welcome_(welcome), hot_(hot) {}

    // Registers a stranger. hot: a copy from HotStates; nothing or one that does not open: PostgreSQL is asked.
    Task<Session> open(const telegram::Person& person, const std::optional<std::string>& hot, Deadline deadline);
    // After a commit that wrote this state under this version.
    void remember(const Session& session, const State& state, std::int64_t version);

private:
    Task<Session> unlock(accounts::Account account, Deadline deadline);

    postgres::Pool& pool_;
    vault::Vault& vault_;
    Coins welcome_;
    HotStates& hot_;
};

accounts::Profile profile_of(const telegram::Person& person);
// A stranger becomes a user: by the first update, or by opening the cabinet before it.
Task<accounts::Account> register_person(postgres::Pool& pool, vault::Vault& vault, telegram::Person person, Coins welcome, Deadline deadline);

}  // namespace persona::bot

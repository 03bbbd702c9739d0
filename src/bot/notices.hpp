// Says what people are told without having asked (studio/notices): payments at once and always, the rest as the person has chosen and
// not at night. Run by the scheduler; any number of processes may.
#pragma once

#include "bot/surroundings.hpp"
#include "postgres/pool.hpp"
#include "studio/notices/notices.hpp"
#include "telegram/outbox.hpp"
#include "vault/vault.hpp"

namespace persona::bot {

// When a person may be disturbed again; nothing: now. zone: IANA name.
std::optional<Time> quiet_until(Time now, const std::string& zone, Quiet quiet);

class NoticeTeller {
public:
    NoticeTeller(Executor executor, postgres::Pool& pool, vault::Vault& vault, telegram::Outbox& outbox, const Surroundings& around)
        : pool_(pool), vault_(vault), outbox_(outbox), around_(around), rung_(executor) {}

    // Until cancelled: looks when it is rung, and every few seconds.
    Task<void> run();
    void ring() { rung_.notify(); }
    // One look; true when there may be more.
    Task<bool> tell_due();

private:
    Task<void> tell(notices::Notice notice);
    Task<void> drop(std::int64_t notice);

    postgres::Pool& pool_;
    vault::Vault& vault_;
    telegram::Outbox& outbox_;
    const Surroundings& around_;
    Signal rung_;
};

}  // namespace persona::bot

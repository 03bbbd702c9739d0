// The table parked_updates and the sweep of processed_updates. Owned by the intake.
#pragma once

#include "postgres/pool.hpp"
#include "telegram/update.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

struct ParkedUpdate {
    Update update;
    std::int64_t lane = 0;
    int tries = 0;
};

class ParkedStore {
public:
    ParkedStore(postgres::Pool& pool, vault::Vault& vault, BotId bot) : pool_(pool), vault_(vault), bot_(bot) {}

    // Acknowledges the update and keeps it, sealed as Place("parked_updates.body", "<bot>:<update>"). False: it was applied before.
    Task<bool> park(const Update& update, std::int64_t lane, std::string error);
    // Whether an earlier update of the lane is parked.
    Task<bool> behind_parked(std::int64_t lane, UpdateId update);
    // The first of each lane whose time has come. What does not open becomes dead.
    Task<std::vector<ParkedUpdate>> due();
    // Done without its own parked_take.
    Task<void> forget(UpdateId update);
    Task<void> failed(UpdateId update, Millis wait, std::string error);
    Task<void> dead(UpdateId update, std::string error);
    // Updates that were applied 48 hours ago are forgotten, dead ones after thirty days; in bounded batches.
    Task<void> sweep();

private:
    postgres::Pool& pool_;
    vault::Vault& vault_;
    BotId bot_;
};

}  // namespace persona::telegram

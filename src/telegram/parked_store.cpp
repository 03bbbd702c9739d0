#include "telegram/parked_store.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "telegram/intake.hpp"

namespace persona::telegram {
namespace {

using postgres::Query;
using postgres::Work;

constexpr Query take_update{"telegram.update_take", "SELECT update_take($1, $2, $3)"};
constexpr Query take_parked{"telegram.parked_take", "SELECT parked_take($1, $2)"};
constexpr Query park_update{"telegram.update_park", "SELECT update_park($1, $2, $3, $4, $5)"};
constexpr Query is_behind{"telegram.behind_parked", R"(
    SELECT EXISTS (SELECT FROM parked_updates WHERE bot_id = $1 AND lane = $2 AND update_id < $3 AND state = 'parked'))"};
constexpr Query due_heads{"telegram.parked_due", R"(
    SELECT update_id, lane, tries, body FROM parked_updates JOIN (
        SELECT DISTINCT ON (lane) bot_id, update_id, next_try FROM parked_updates WHERE bot_id = $1 AND state = 'parked' ORDER BY lane, update_id
    ) head USING (bot_id, update_id, next_try)
    WHERE next_try <= now() ORDER BY update_id LIMIT 64)"};
constexpr Query forget_parked{"telegram.parked_forget", "DELETE FROM parked_updates WHERE bot_id = $1 AND update_id = $2 AND state = 'parked'"};
constexpr Query fail_parked{"telegram.parked_failed", R"(
    UPDATE parked_updates SET tries = tries + 1, next_try = now() + make_interval(secs => $3::double precision / 1000), error = $4
    WHERE bot_id = $1 AND update_id = $2 AND state = 'parked')"};
constexpr Query bury_parked{"telegram.parked_dead", R"(
    UPDATE parked_updates SET state = 'dead', error = $3 WHERE bot_id = $1 AND update_id = $2 AND state = 'parked')"};
constexpr Query sweeps[] = {
    {"telegram.sweep_processed", R"(DELETE FROM processed_updates WHERE (bot_id, update_id) IN (
        SELECT bot_id, update_id FROM processed_updates WHERE at < now() - interval '48 hours' LIMIT 5000))"},
    {"telegram.sweep_dead", R"(DELETE FROM parked_updates WHERE (bot_id, update_id) IN (
        SELECT bot_id, update_id FROM parked_updates WHERE state = 'dead' AND parked_at < now() - interval '30 days' LIMIT 1000))"},
};

constexpr auto patience = 5s;

vault::Place place(BotId bot, UpdateId update) { return {"parked_updates.body", std::to_string(bot.value) + ":" + std::to_string(update.value)}; }

Task<void> change(postgres::Pool& pool, Work work) { (void)co_await pool.commit(std::move(work), Deadline::after(patience)); }

}  // namespace

void Delivery::take(Work& work) const {
    if (parked)
        work.add(take_parked, bot, update);
    else
        work.add(take_update, bot, update, lane);
}

Task<bool> ParkedStore::park(const Update& update, std::int64_t lane, std::string error) {
    Work work;
    work.add(park_update, bot_, update.id, lane, vault::seal(vault_.system_key(), place(bot_, update.id), update.raw), error);
    co_return (co_await pool_.commit(std::move(work), Deadline::after(patience))).has_value();
}

Task<bool> ParkedStore::behind_parked(std::int64_t lane, UpdateId update) {
    co_return (co_await pool_.read(Deadline::after(patience), is_behind, bot_, lane, update)).value<bool>();
}

Task<std::vector<ParkedUpdate>> ParkedStore::due() {
    std::vector<ParkedUpdate> out;
    const auto rows = co_await pool_.read(Deadline::after(patience), due_heads, bot_);
    for (const auto row : rows) {
        const auto id = row.get<UpdateId>(0);
        std::string fault = "the stored update is no update";
        try {
            auto update = parse_update(vault::open(vault_.system_key(), place(bot_, id), row.get<Bytes>(3)));
            if (update) {
                out.push_back({std::move(*update), row.get<std::int64_t>(1), row.get<int>(2)});
                continue;
            }
        } catch (const Corrupt& e) { fault = e.what(); }
        log(Level::error, "telegram", "a parked update is dead", {{"update", id.value}, {"error", fault}});
        co_await dead(id, fault);
    }
    co_return out;
}

Task<void> ParkedStore::forget(UpdateId update) {
    Work work;
    work.add(forget_parked, bot_, update);
    co_await change(pool_, std::move(work));
}

Task<void> ParkedStore::failed(UpdateId update, Millis wait, std::string error) {
    Work work;
    work.add(fail_parked, bot_, update, wait.count(), error);
    co_await change(pool_, std::move(work));
}

Task<void> ParkedStore::dead(UpdateId update, std::string error) {
    Work work;
    work.add(bury_parked, bot_, update, error);
    co_await change(pool_, std::move(work));
}

Task<void> ParkedStore::sweep() {
    for (const Query& query : sweeps) {
        Work work;
        work.add(query);
        co_await change(pool_, std::move(work));
    }
}

}  // namespace persona::telegram

// The insides of the intake: a lane is the row of updates of one person (or group) that wait here, and the coroutine that
// works on the first of them.
#pragma once

#include <map>
#include <unordered_map>
#include <unordered_set>

#include "postgres/lease.hpp"
#include "telegram/intake.hpp"
#include "telegram/parked_store.hpp"
#include "telegram/recent.hpp"

namespace persona::telegram {

// A person's lane for what happens in private, a group's for what happens in it.
std::int64_t lane_of(const Update& update);

struct Intake::State {
    enum class Stage { waiting, running, done, failed };

    // One update that is here; whoever waits for its end shares it.
    struct Entry {
        Entry(Executor executor, Update u, Delivery d, std::int64_t l)
            : update(std::move(u)), delivery(d), lane(l), arrived(Deadline::Steady::now()), changed(executor) {}
        Update update;
        Delivery delivery;
        std::int64_t lane;
        int parked_tries = 0;
        Stage stage = Stage::waiting;
        std::string error;  // why it failed
        Deadline::Steady::time_point arrived;
        Signal changed;
    };
    using EntryPtr = std::shared_ptr<Entry>;
    struct Lane {
        std::map<UpdateId, EntryPtr> waiting;  // the lowest id goes first
        EntryPtr running;
    };

    State(Executor executor, postgres::Pool& pool, vault::Vault& vault, Api& api, Handler handler, PreCheckoutHandler pre_checkout,
          IntakeConfig config);

    // Lanes (lanes.cpp).
    EntryPtr enter(Update update, Delivery delivery, std::int64_t lane);
    Task<void> settled(EntryPtr entry);
    Task<void> work(std::int64_t lane);
    Task<void> watch(EntryPtr entry);
    void settle(Entry& entry, Stage stage, std::string error = {});
    void abandon(std::int64_t lane);

    // One update (apply.cpp).
    Task<void> apply(EntryPtr entry);
    Task<void> apply_fresh(EntryPtr entry);
    Task<void> apply_parked(EntryPtr entry);
    Task<bool> tried(EntryPtr entry, Deadline limit, std::string& error);
    Task<void> park(EntryPtr entry, std::string error);
    Task<bool> behind_parked(const Entry& entry);
    Task<void> after_failure(const Entry& entry, std::string error);
    void answer_empty(Entry& entry);
    Task<void> say(Call call);

    // Beside the lanes (pre_checkout.cpp).
    Task<void> pre_checkout(PreCheckout query, std::shared_ptr<Signal> answered);

    // Parked ones (parking.cpp).
    Task<void> look_for_parked();

    Executor executor;
    postgres::Pool& pool;
    Api& api;
    Handler handler;
    PreCheckoutHandler check;
    IntakeConfig config;
    ParkedStore store;
    TaskGroup group;
    Signal freed;   // a place among the waiting, or the last of them
    Signal parked;  // something was parked or settled
    std::unordered_map<std::int64_t, Lane> lanes;
    std::unordered_set<std::int64_t> perhaps_parked;  // lanes in which this process parked something
    Recent<std::string> answered{10'000};             // callbacks: a redelivery must not answer again
    std::size_t count = 0;
    bool draining = false;
};

// The loop of poll(), under the lease.
Task<void> poll_updates(Intake& intake, Api& api, postgres::Lease& lease, std::chrono::seconds wait);

}  // namespace persona::telegram

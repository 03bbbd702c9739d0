#include "jobs/worker.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <set>

#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "jobs/course.hpp"
#include "jobs/sealing.hpp"

namespace persona::jobs {
namespace {

constexpr postgres::Query claim_job{"jobs.claim",
                                    "SELECT id, user_id, kind, args, operation, attempts, fence, cancel "
                                    "FROM job_claim($1, $2::double precision, $3::text[], $4::int)"};
constexpr postgres::Query claim_cancelled{"jobs.claim_cancelled",
                                          "SELECT id, user_id, kind, args, operation, attempts, fence, cancel "
                                          "FROM job_claim_cancelled($1, $2::double precision, $3::text[]) LIMIT $4::int"};
// One process sweeps at a time; the lease is of a few sweeps, so that a killed one is replaced soon.
constexpr postgres::Query sweep_lost{
    "jobs.sweep", "SELECT CASE WHEN lease_take('jobs.sweep', $1::uuid, $2::double precision) IS NULL THEN 0 ELSE job_rescue() END"};

constexpr int most_claimed = 64;  // at once

Claim claim_of(const postgres::Row& row) {
    return {.id = row.get<JobId>(0),
            .user = row.get<UserId>(1),
            .kind = row.get<std::string>(2),
            .args = row.get<Bytes>(3),
            .operation = row.maybe<OperationId>(4),
            .attempts = row.get<int>(5),
            .fence = row.get<std::int64_t>(6),
            .cancel = row.get<bool>(7)};
}

// A run takes one of the worker's places from the moment of its claim.
struct Place {
    int& all;
    int& of_kind;
    Place(int& a, int& k) : all(a), of_kind(k) { ++all, ++of_kind; }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { --all, --of_kind; }
};

}  // namespace

struct Worker::State {
    State(Executor executor_, postgres::Pool& pool_, vault::Vault& vault_, std::map<std::string, Handler> handlers_, WorkerConfig config_)
        : executor(executor_),
          pool(pool_),
          vault(vault_),
          handlers(std::move(handlers_)),
          config(std::move(config_)),
          courses(executor, "jobs"),
          wake(executor),
          stopped(executor) {}

    int room_for(const std::string& kind, const Handler& handler) const {
        const int room = config.parallel - running;
        return handler.parallel ? std::min(room, handler.parallel - (busy.contains(kind) ? busy.at(kind) : 0)) : room;
    }
    // The kinds for which there is room, and how many jobs may be claimed whatever their kinds are.
    std::pair<std::vector<std::string>, int> room() const {
        std::vector<std::string> out;
        int most = config.parallel - running;
        for (const auto& [kind, handler] : handlers) {
            const int room = room_for(kind, handler);
            if (room <= 0) continue;
            out.push_back(kind);
            most = std::min(most, room);
        }
        return {std::move(out), std::min(most, most_claimed)};
    }
    std::vector<std::string> kinds() const {
        std::vector<std::string> out;
        for (const auto& [kind, handler] : handlers) out.push_back(kind);
        return out;
    }
    void ring() {
        rung = true;
        wake.notify();
    }
    void stop_all(Stop why) {
        const auto all = live;  // one that ends takes itself out
        for (const auto& run : all) run->end(why);
    }

    Task<bool> claim(const postgres::Query& query, std::vector<std::string> of, int most);
    Task<void> claim_what_there_is();
    Task<void> claim_until_drained();
    Task<void> sweep();
    Task<void> serve(Claim claimed, Deadline lease, std::unique_ptr<Place> place);
    Task<std::shared_ptr<Running::State>> open(Claim claimed, Deadline lease, bool& readable);

    Executor executor;
    postgres::Pool& pool;
    vault::Vault& vault;
    const std::map<std::string, Handler> handlers;
    const WorkerConfig config;
    const Uuid holder = Uuid::v7();
    TaskGroup courses;
    std::set<std::shared_ptr<Running::State>> live;
    std::map<std::string, int> busy;  // runs by kind
    int running = 0;                  // their sum
    Signal wake, stopped;
    bool rung = false, draining = false, claiming = false;
};

// True when there was any: then there may be more.
Task<bool> Worker::State::claim(const postgres::Query& query, std::vector<std::string> of, int most) {
    if (of.empty() || most <= 0) co_return false;
    const Deadline lease = Deadline::after(config.lease);
    postgres::Work work;
    work.add(query, config.name, seconds(config.lease), of, most);
    const auto claimed = co_await pool.commit(std::move(work), Deadline::after(5s));
    if (!claimed || claimed->front().empty()) co_return false;
    for (const auto row : claimed->front()) {
        Claim job = claim_of(row);
        // One that is only ended takes nobody's place.
        auto place = job.cancel ? nullptr : std::make_unique<Place>(running, busy[job.kind]);
        courses.spawn("job", serve(std::move(job), lease, std::move(place)));
    }
    co_return true;
}

Task<void> Worker::State::claim_what_there_is() {
    while (!draining && co_await claim(claim_cancelled, kinds(), most_claimed)) {}
    for (bool more = true; more && !draining;) {
        auto [kinds_with_room, most] = room();
        more = co_await claim(claim_job, std::move(kinds_with_room), most);
    }
}

Task<void> Worker::State::claim_until_drained() {
    while (!draining) {
        rung = false;
        try {
            co_await claim_what_there_is();
        } catch (const Error& e) { log(Level::warn, "jobs", "jobs cannot be claimed now", {{"error", e.what()}}); }
        // Whoever rang while we asked the database found nobody waiting.
        if (!rung && !draining) co_await wake.wait(Deadline::after(config.poll));
    }
}

Task<void> Worker::State::sweep() {
    for (;;) {
        try {
            postgres::Work work;
            work.add(sweep_lost, holder, seconds(config.poll * 3));
            const auto swept = co_await pool.commit(std::move(work), Deadline::after(5s));
            const auto lost = swept ? swept->front().value<std::int64_t>() : 0;
            if (lost > 0) {
                log(Level::warn, "jobs", "jobs of lost workers were put back", {{"jobs", lost}});
                ring();
            }
        } catch (const Error& e) { log(Level::warn, "jobs", "the sweep failed", {{"error", e.what()}}); }
        co_await pause(config.poll);
    }
}

Task<std::shared_ptr<Running::State>> Worker::State::open(Claim claimed, Deadline lease, bool& readable) {
    for (;;) {
        try {
            const vault::Key key = co_await vault.key_of(claimed.user, lease);
            auto args = boost::json::parse(vault::open(key, args_place(claimed.id), claimed.args));
            readable = true;
            co_return std::make_shared<Running::State>(pool, executor, std::move(claimed), key, std::move(args), lease);
        } catch (const Corrupt& e) {
            log(Level::error, "jobs", "the arguments of a job do not open", {{"job", claimed.id.value.text()}, {"error", e.what()}});
            co_return std::make_shared<Running::State>(pool, executor, std::move(claimed), vault.system_key(), nullptr, lease);
        } catch (const Unavailable&) {
            if (lease.passed()) throw;
        }
        co_await pause(500ms);
    }
}

Task<void> Worker::State::serve(Claim claimed, Deadline lease, std::unique_ptr<Place> place) {
    bool readable = false;
    const std::string kind = claimed.kind;
    const auto run = co_await open(std::move(claimed), lease, readable);
    if (draining) run->stop = Stop::drain;
    live.insert(run);
    co_await follow(run, handlers.at(kind), config, readable);
    live.erase(run);
    place.reset();
    ring();  // there is room for another
}

Worker::Worker(Executor executor, postgres::Pool& pool, vault::Vault& vault, std::map<std::string, Handler> handlers, WorkerConfig config)
    : state_(std::make_unique<State>(executor, pool, vault, std::move(handlers), std::move(config))) {}

Worker::~Worker() = default;

Task<void> Worker::run() {
    State& state = *state_;
    state.claiming = true;
    TaskGroup upkeep(state.executor, "jobs");
    upkeep.spawn("sweep", state.sweep());
    std::exception_ptr cancelled;
    try {
        co_await state.claim_until_drained();
    } catch (...) { cancelled = std::current_exception(); }
    // Cancelled or not, from here on we wait in peace for what we started.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    upkeep.cancel();
    co_await upkeep.join(Deadline::never());
    state.claiming = false;
    state.stopped.notify();
    if (cancelled) state.stop_all(Stop::lost);
    co_await state.courses.join(Deadline::never());
    if (cancelled) std::rethrow_exception(cancelled);
}

void Worker::ring() {
    state_->ring();
    for (const auto& run : state_->live) run->beat_now.notify();
}

Task<bool> Worker::drain(Deadline deadline) {
    State& state = *state_;
    state.draining = true;
    state.wake.notify();
    while (state.claiming) co_await state.stopped.wait(Deadline::never());
    const bool clean = co_await state.courses.join(deadline);
    if (clean) co_return true;
    state.stop_all(Stop::drain);
    if (!co_await state.courses.join(Deadline::after(5s))) log(Level::error, "jobs", "a handler does not stop", {{"runs", state.courses.size()}});
    co_return false;
}

std::size_t Worker::running() const { return static_cast<std::size_t>(state_->running); }

}  // namespace persona::jobs

// What the worker knows of a run and the handler does not see: the fence, the lease, and how the run is stopped.
#pragma once

#include <atomic>
#include <boost/asio/cancellation_signal.hpp>

#include "async/signal.hpp"
#include "jobs/handler.hpp"
#include "postgres/pool.hpp"

namespace persona::jobs {

// A job as it was claimed.
struct Claim {
    JobId id;
    UserId user;
    std::string kind;
    Bytes args;
    std::optional<OperationId> operation;
    int attempts = 0;  // with this one
    std::int64_t fence = 0;
    bool cancel = false;
};

// Why a run was stopped from outside. The first reason stays, but for a lost lease, which overrules all.
enum class Stop { none, cancel, drain, lost };

struct Running::State {
    State(postgres::Pool& pool_, Executor executor, Claim claim_, const vault::Key& key_, boost::json::value args_, Deadline lease_)
        : pool(pool_), claim(std::move(claim_)), key(key_), args(std::move(args_)), lease(lease_), beat_now(executor) {}

    postgres::Pool& pool;
    const Claim claim;
    const vault::Key key;
    const boost::json::value args;
    Deadline lease;  // by our clock, counted from before the claim or heartbeat was sent: never later than the database's
    std::int64_t done = 0, all = 0;
    std::atomic<Stop> stop = Stop::none;
    asio::cancellation_signal cancellation;  // of the handler's coroutine
    bool handling = false;                   // while there is such a coroutine
    Signal beat_now;

    bool ours() const { return stop != Stop::lost && !lease.passed(); }
    void end(Stop why) {
        if (stop == Stop::none || why == Stop::lost) stop = why;
        if (handling) cancellation.emit(asio::cancellation_type::terminal);
    }
};

// Seconds as a parameter of our SQL functions.
inline std::string seconds(Millis wait) { return std::to_string(std::chrono::duration<double>(wait).count()); }

// Renews the lease until it is cancelled or the lease is lost; stops the run where that or a cancel comes back.
Task<void> keep_lease(std::shared_ptr<Running::State> run, Millis lease, Millis period);

}  // namespace persona::jobs

#include "postgres/lease.hpp"

#include "async/within.hpp"
#include "base/log.hpp"

namespace persona::postgres {
namespace {

constexpr Query take_lease{"lease.take", "SELECT lease_take($1, $2, $3::double precision)"};
constexpr Query release_lease{"lease.release", "SELECT lease_release($1, $2)"};

}  // namespace

Lease::Lease(Executor executor, Pool& pool, std::string name, Millis time) : pool_(pool), name_(std::move(name)), time_(time), changed_(executor) {}

Task<bool> Lease::renew() {
    const auto asked = Deadline::Steady::now();
    Work work;
    work.add(take_lease, name_, holder_, std::to_string(static_cast<double>(time_.count()) / 1000));
    const auto done = co_await pool_.commit(std::move(work), Deadline::at(asked + time_));
    if (!done || (*done)[0].empty() || (*done)[0][0].is_null(0)) co_return false;
    fence_ = (*done)[0].value<std::int64_t>();
    // A tenth less than the server counts: clocks do not run alike.
    until_ = asked + time_ - time_ / 10;
    co_return true;
}

Task<void> Lease::release() {
    if (!held()) co_return;
    until_ = {};
    changed_.notify();
    Work work;
    work.add(release_lease, name_, holder_);
    (void)co_await pool_.commit(std::move(work), Deadline::after(1s));
}

Task<void> Lease::keep() {
    bool had = false;
    try {
        for (;;) {
            try {
                const bool has = co_await renew();
                if (has != had) log(Level::info, "postgres", has ? "lease taken" : "lease held by another", {{"lease", name_}, {"fence", fence_}});
                had = has;
                if (!has) until_ = {};
            } catch (const Error& e) {
                if (had && !held()) log(Level::warn, "postgres", "lease lost", {{"lease", name_}, {"error", e.what()}});
                had = had && held();
            }
            changed_.notify();
            co_await pause(time_ / 3);
        }
    } catch (const std::exception& e) {
        if (!is_cancelled(e)) throw;
    }
    // Cancelled: what follows has a state of cancellation of its own, or its first await would throw.
    co_await asio::this_coro::reset_cancellation_state();
    try {
        co_await release();
    } catch (const Error&) {  // it runs out by itself
    }
    throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace persona::postgres

// The right to do what only one process may do (poll, send, sweep), held in the table `leases`. A holder that dies loses it
// when the time is over; the fence grows with every change of holder, so that what the last one left can be told.
// Owned by whoever does the thing; one thread.
#pragma once

#include <string>

#include "async/signal.hpp"
#include "base/uuid.hpp"
#include "postgres/pool.hpp"

namespace persona::postgres {

class Lease {
public:
    // Renewed three times in `time`. A shorter time lets another process take over sooner after a kill.
    Lease(Executor executor, Pool& pool, std::string name, Millis time = 5s);

    // Takes, renews and takes again until cancelled; gives up what it holds at the end.
    Task<void> keep();
    // By our clock, counted from before the last renewal was asked for: never true when another process may hold it.
    bool held() const { return fence_ != 0 && Deadline::Steady::now() < until_; }
    // Of the last holding; 0: never held. The same number after a lapse means that nobody held it in between.
    std::int64_t fence() const { return fence_; }
    // Rings when the lease was taken, renewed or lost.
    Signal& changed() { return changed_; }

private:
    Task<bool> renew();
    Task<void> release();

    Pool& pool_;
    std::string name_;
    Millis time_;
    Uuid holder_ = Uuid::v7();
    std::int64_t fence_ = 0;
    Deadline::Steady::time_point until_{};
    Signal changed_;
};

}  // namespace persona::postgres

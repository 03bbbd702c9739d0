// "Something changed": coroutines of one thread wait for it and look again. Carries no value and remembers nothing,
// so a waiter checks its condition, then waits, in a loop; on one thread nothing can happen in between.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "async/deadline.hpp"
#include "async/task.hpp"

namespace persona {

class Signal {
public:
    explicit Signal(Executor executor);
    Signal(const Signal&) = delete;
    // Wakes every coroutine that waits now.
    void notify();
    // Wakes the one that waits longest; for a thing that only one can take.
    void notify_one();
    // True when notified, false when the deadline passed. Throws operation_aborted when the caller is cancelled.
    Task<bool> wait(Deadline deadline);

private:
    Executor executor_;
    struct Waiter;
    // Intrusive list of frames that wait, the longest first.
    Waiter* first_ = nullptr;
    Waiter** end_ = &first_;
};

}  // namespace persona

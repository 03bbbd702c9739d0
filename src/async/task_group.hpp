// Owns the coroutines that it spawned: none outlives it unseen, none swallows an exception.
// Must be joined (or empty) before it is destroyed.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <list>
#include <string>

#include "async/deadline.hpp"
#include "async/signal.hpp"
#include "async/task.hpp"

namespace persona {

class TaskGroup {
public:
    // room: the folder that speaks in log lines of failed tasks.
    TaskGroup(Executor executor, std::string room);
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;
    ~TaskGroup();

    // An exception that leaves the task is logged under `name`, except the one of cancellation.
    void spawn(std::string name, Task<void> task);
    // Asks every task to end; tasks spawned afterwards are cancelled too.
    void cancel();
    // Waits until no task is left; false when the deadline passed first.
    Task<bool> join(Deadline deadline);
    std::size_t size() const { return running_.size(); }
    const Executor& executor() const { return executor_; }

private:
    struct Running {
        std::string name;
        asio::cancellation_signal stop;
    };
    Executor executor_;
    std::string room_;
    std::list<Running> running_;
    Signal ended_;
    bool cancelled_ = false;
};

}  // namespace persona

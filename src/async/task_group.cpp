#include "async/task_group.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"

namespace persona {

TaskGroup::TaskGroup(Executor executor, std::string room) : executor_(executor), room_(std::move(room)), ended_(executor) {}

TaskGroup::~TaskGroup() { PERSONA_ASSERT(running_.empty()); }

void TaskGroup::spawn(std::string name, Task<void> task) {
    running_.emplace_back();
    const auto at = std::prev(running_.end());
    at->name = std::move(name);
    asio::co_spawn(executor_, std::move(task), asio::bind_cancellation_slot(at->stop.slot(), [this, at](std::exception_ptr error) {
                       try {
                           if (error) std::rethrow_exception(error);
                       } catch (const std::exception& e) {
                           if (!is_cancelled(e)) log(Level::error, room_, "task failed", {{"task", at->name}, {"error", e.what()}});
                       }
                       running_.erase(at);
                       ended_.notify();
                   }));
    // The slot is empty until the coroutine first waits; posting behind it reaches it there.
    if (cancelled_) asio::post(executor_, [this] { cancel(); });
}

void TaskGroup::cancel() {
    cancelled_ = true;
    for (auto at = running_.begin(); at != running_.end();) {
        auto& stop = at++->stop;  // emit may end the task and erase its entry
        stop.emit(asio::cancellation_type::terminal);
    }
}

Task<bool> TaskGroup::join(Deadline deadline) {
    while (!running_.empty())
        if (!co_await ended_.wait(deadline)) co_return running_.empty();
    co_return true;
}

}  // namespace persona

// Runs a task against a deadline. Boost 1.81 has no cancel_after, and `task || timer` loses the task's own error:
// a parallel group with wait_for_one keeps both.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/error.hpp"

namespace persona {

// The task's result or exception; TimedOut (with `what`) where the deadline passed first. The task has then been cancelled
// and has ended: nothing of it runs on. Cancelling the caller cancels the task.
template <class T>
Task<T> within(Deadline deadline, const char* what, Task<T> task) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, deadline.point());
    auto both = asio::experimental::make_parallel_group(asio::co_spawn(executor, std::move(task), asio::deferred), timer.async_wait(asio::deferred));
    if constexpr (std::is_void_v<T>) {
        auto [order, error, timer_error] = co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (error && order[0] == 1 && !timer_error) throw TimedOut(what);
        if (error) std::rethrow_exception(error);
    } else {
        auto [order, error, value, timer_error] = co_await both.async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (error && order[0] == 1 && !timer_error) throw TimedOut(what);
        if (error) std::rethrow_exception(error);
        co_return std::move(value);
    }
}

// Waits; ends early with operation_aborted when the caller is cancelled.
inline Task<void> pause(Deadline::Steady::duration wait) {
    asio::steady_timer timer(co_await asio::this_coro::executor, wait);
    co_await timer.async_wait(asio::use_awaitable);
}

// True for the exception that a cancelled await throws.
inline bool is_cancelled(const std::exception& e) {
    const auto* system = dynamic_cast<const boost::system::system_error*>(&e);
    return system && system->code() == asio::error::operation_aborted;
}

}  // namespace persona

// Threads for work that computes longer than a few milliseconds; the io thread never does. Ends before the loops that work comes home to.
#pragma once

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <optional>
#include <stop_token>
#include <type_traits>
#include <variant>

#include "async/task.hpp"

namespace persona {

class CpuPool {
    template <class F>
    struct Work {
        static constexpr bool stoppable = std::is_invocable_v<F&, std::stop_token>;
        static decltype(auto) call(F& work, const std::stop_source& stop) {
            if constexpr (stoppable)
                return work(stop.get_token());
            else
                return work();
        }
        using Result = decltype(call(std::declval<F&>(), std::declval<const std::stop_source&>()));
    };
    struct Stopping {
        std::stop_source stop;
        void operator()(asio::cancellation_type) { stop.request_stop(); }
    };

public:
    explicit CpuPool(std::size_t threads) : pool_(threads) {}
    ~CpuPool() { pool_.join(); }

    // Runs `work` on a thread of the pool and comes back to the caller's executor with its result or exception. Returns when the
    // work has ended, whatever happens to the caller: references in `work` stay valid. Work that is long takes a std::stop_token,
    // which is asked to stop when the caller is cancelled.
    template <class F>
    auto run(F work) -> Task<typename Work<F>::Result> {
        using R = typename Work<F>::Result;
        std::stop_source stop;
        std::exception_ptr error;
        std::optional<std::conditional_t<std::is_void_v<R>, std::monostate, R>> result;
        const Executor home = co_await asio::this_coro::executor;
        auto start = [&](auto handler) {
            auto slot = asio::get_associated_cancellation_slot(handler);
            if (slot.is_connected()) slot.template emplace<Stopping>(stop);
            asio::post(pool_, [&, slot, handler = std::move(handler)]() mutable {
                try {
                    if constexpr (std::is_void_v<R>) {
                        Work<F>::call(work, stop);
                        result.emplace();
                    } else {
                        result.emplace(Work<F>::call(work, stop));
                    }
                } catch (...) { error = std::current_exception(); }
                asio::post(home, [slot, handler = std::move(handler)]() mutable {
                    if (slot.is_connected()) slot.clear();
                    std::move(handler)();
                });
            });
        };
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(start), asio::use_awaitable);
        if (error) std::rethrow_exception(error);
        if constexpr (!std::is_void_v<R>) co_return std::move(*result);
    }

private:
    asio::thread_pool pool_;
};

}  // namespace persona

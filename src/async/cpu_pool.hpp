// Threads for work that computes longer than a few milliseconds; the io thread never does.
#pragma once

#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <exception>
#include <optional>
#include <type_traits>
#include <variant>

#include "async/task.hpp"

namespace persona {

class CpuPool {
public:
    explicit CpuPool(std::size_t threads) : pool_(threads) {}
    ~CpuPool() { pool_.join(); }

    // Runs `work` on a thread of the pool and comes back to the caller's executor with its result or exception.
    // Not cancelled by cancelling the caller: work that is long watches a flag of its own. References in `work` must stay valid.
    template <class F>
    auto run(F work) -> Task<std::invoke_result_t<F&>> {
        using R = std::invoke_result_t<F&>;
        std::exception_ptr error;
        std::optional<std::conditional_t<std::is_void_v<R>, std::monostate, R>> result;
        const Executor home = co_await asio::this_coro::executor;
        auto start = [&](auto handler) {
            asio::post(pool_, [&, handler = std::move(handler)]() mutable {
                try {
                    if constexpr (std::is_void_v<R>) {
                        work();
                        result.emplace();
                    } else {
                        result.emplace(work());
                    }
                } catch (...) {
                    error = std::current_exception();
                }
                asio::post(home, std::move(handler));
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

// Runs one coroutine on an io_context, else on one of its own, until the loop is dry: a test that leaves work behind hangs here and is seen.
// A CpuPool that outlives the call needs a loop that outlives the pool (cpu_pool.hpp).
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>

#include "async/task.hpp"

namespace persona {

template <class F>
auto run(asio::io_context& io, F body) {
    using R = typename std::invoke_result_t<F&>::value_type;
    std::exception_ptr error;
    io.restart();
    if constexpr (std::is_void_v<R>) {
        asio::co_spawn(io, body(), [&](std::exception_ptr e) { error = e; });
        io.run();
        if (error) std::rethrow_exception(error);
    } else {
        std::optional<R> result;
        asio::co_spawn(io, body(), [&](std::exception_ptr e, R value) {
            error = e;
            result = std::move(value);
        });
        io.run();
        if (error) std::rethrow_exception(error);
        return std::move(*result);
    }
}

template <class F>
auto run(F body) {
    asio::io_context io(1);
    return run(io, std::move(body));
}

}  // namespace persona

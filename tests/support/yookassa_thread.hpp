// The server of yookassa_server.hpp on a thread of its own, for tests that block and for processes that call it.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <future>
#include <thread>

#include "support/yookassa_server.hpp"

namespace persona::test {

class YookassaThread {
public:
    YookassaThread() : server_(io_.get_executor()), thread_([this] { io_.run(); }) {}
    ~YookassaThread() {
        asio::co_spawn(io_, server_.stop(), asio::detached);
        work_.reset();
        thread_.join();
    }

    std::string base() const { return server_.base(); }
    // Runs f(server) on its thread and gives what it gives.
    template <class F>
    auto with(F f) -> std::invoke_result_t<F&, YookassaServer&> {
        std::packaged_task<std::invoke_result_t<F&, YookassaServer&>()> task([&] { return f(server_); });
        auto result = task.get_future();
        asio::post(io_, std::ref(task));
        return result.get();
    }

private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    YookassaServer server_;
    std::thread thread_;
};

}  // namespace persona::test

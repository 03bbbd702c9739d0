// A server of a test's own on a thread of its own, for tests that block and for processes that call it.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "async/task.hpp"

namespace persona::test {

// Server: made of an executor, ended by stop().
template <class Server>
class ServerThread {
public:
    ServerThread() : server_(io_.get_executor()), thread_([this] { io_.run(); }) {}
    ~ServerThread() {
        asio::co_spawn(io_, server_.stop(), asio::detached);
        work_.reset();
        thread_.join();
    }

    // Runs f(server) on its thread and gives what it gives.
    template <class F>
    auto with(F f) -> std::invoke_result_t<F&, Server&> {
        std::packaged_task<std::invoke_result_t<F&, Server&>()> task([&] { return f(server_); });
        auto result = task.get_future();
        asio::post(io_, std::ref(task));
        return result.get();
    }

protected:
    // What never changes once it listens may be asked from any thread.
    const Server& server() const { return server_; }
    Server& server() { return server_; }
    template <class T>
    T wait(Task<T> task) {
        return asio::co_spawn(io_, std::move(task), asio::use_future).get();
    }

private:
    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    Server server_;
    std::thread thread_;
};

}  // namespace persona::test

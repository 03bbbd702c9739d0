// The server of fal_server.hpp on a thread of its own, for tests that block and for processes that call it.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <thread>

#include "support/fal_server.hpp"

namespace persona::test {

class FalThread {
public:
    FalThread() : server_(io_.get_executor()), thread_([this] { io_.run(); }) {}
    ~FalThread() {
        asio::co_spawn(io_, server_.stop(), asio::detached);
        work_.reset();
        thread_.join();
    }

    std::string queue_url() const { return server_.queue_url(); }
    std::string rest_url() const { return server_.rest_url(); }
    std::string jwks_url() const { return server_.jwks_url(); }
    std::string file_url(std::string_view name) const { return server_.file_url(name); }
    // Runs f(server) on its thread and gives what it gives.
    template <class F>
    auto with(F f) -> std::invoke_result_t<F&, FalServer&> {
        std::packaged_task<std::invoke_result_t<F&, FalServer&>()> task([&] { return f(server_); });
        auto result = task.get_future();
        asio::post(io_, std::ref(task));
        return result.get();
    }
    // As FalServer::deliver; waits for the answers.
    std::vector<unsigned> deliver(std::string url, std::string id, std::string status, json::value payload, FalServer::Delivery how = {}) {
        return wait(server_.deliver(std::move(url), std::move(id), std::move(status), std::move(payload), std::move(how)));
    }
    std::vector<unsigned> deliver(std::string id, FalServer::Delivery how = {}) { return wait(server_.deliver(std::move(id), std::move(how))); }

private:
    std::vector<unsigned> wait(Task<std::vector<unsigned>> task) { return asio::co_spawn(io_, std::move(task), asio::use_future).get(); }

    asio::io_context io_{1};
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    FalServer server_;
    std::thread thread_;
};

}  // namespace persona::test

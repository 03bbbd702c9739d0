#include "http/server.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <charconv>
#include <list>

#include "async/signal.hpp"
#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"
#include "http/connection.hpp"

namespace persona::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

tcp::endpoint endpoint_of(const std::string& address) {
    const auto colon = address.rfind(':');
    std::string host = address.substr(0, std::min(colon, address.size()));
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const char* const end = address.data() + address.size();
    const char* const digits = colon == address.npos ? end : address.data() + colon + 1;
    error_code error;
    const auto ip = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (const auto [stop, wrong] = std::from_chars(digits, end, port); error || wrong != std::errc() || stop != end)
        throw BadConfig("no address to listen on: a numeric host and a port are needed, as 127.0.0.1:8080");
    return {ip, port};
}

std::string date_field() { return fmt::format("Date: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", fmt::gmtime(std::time(nullptr))); }

}  // namespace

struct Server::Impl {
    Impl(const Executor& on, ServerConfig config, Handler handler)
        : executor(on),
          shared{std::move(config), std::move(handler), Deadline::Steady::now(), date_field()},
          acceptor(on),
          ended(on),
          loops(on, "http") {
        listen();
        loops.spawn("accept", accept());
        loops.spawn("sweep", sweep());
    }

    void listen() {
        const auto endpoint = endpoint_of(shared.config.address);
        error_code error;
        acceptor.open(endpoint.protocol(), error);
        if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor.bind(endpoint, error);
        if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
        if (error) throw BadConfig(fmt::format("cannot listen on {}: {}", shared.config.address, error.message()));
        port = acceptor.local_endpoint().port();
    }

    Task<void> accept() {
        while (true) {
            error_code error;
            auto socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
            if (error == asio::error::operation_aborted || shared.stopping) co_return;
            if (!error) {
                co_await have_room();
                if (shared.stopping) co_return;
                start(std::move(socket));
                continue;
            }
            log(Level::warn, "http", "accept failed", {{"error", error.message()}});
            co_await pause(100ms);  // out of descriptors: the same error would come at once again
        }
    }

    // The new connection waits, already accepted, until there is room for it.
    Task<void> have_room() {
        while (connections.size() >= shared.config.max_connections && !shared.stopping) {
            shed_one_idle();
            co_await ended.wait(Deadline::after(100ms));  // becoming idle is not an event: look again
        }
    }

    void start(tcp::socket socket) {
        connections.emplace_back(std::move(socket), shared);
        const auto at = std::prev(connections.end());
        asio::co_spawn(executor, at->run(), asio::bind_cancellation_slot(at->stop_signal().slot(), [this, at](std::exception_ptr error) {
                           connections.erase(at);
                           ended.notify();
                           if (error) log_end(error);
                       }));
    }

    static void log_end(const std::exception_ptr& error) {
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& e) {
            if (!is_cancelled(e)) log(Level::error, "http", "connection failed", {{"error", e.what()}});
        }
    }

    void shed_one_idle() {
        auto oldest = connections.end();
        for (auto at = connections.begin(); at != connections.end(); ++at)
            if (at->idle() && (oldest == connections.end() || at->due() < oldest->due())) oldest = at;
        if (oldest != connections.end()) oldest->abort();
    }

    // abort() may end and erase its connection at once: the next one is taken first.
    template <class F>
    void each(F act) {
        for (auto at = connections.begin(); at != connections.end();) act(*at++);
    }

    Task<void> sweep() {
        const auto& c = shared.config;
        const auto every = std::clamp(std::min({c.head_time, c.body_time, c.idle_time, c.write_time}) / 4, Millis(5), Millis(1s));
        while (true) {
            co_await pause(every);
            shared.now = Deadline::Steady::now();
            shared.date = date_field();
            each([](Connection& connection) { connection.sweep(); });
        }
    }

    Task<void> stop(Deadline deadline) {
        shared.stopping = true;
        error_code ignored;
        acceptor.close(ignored);
        each([](Connection& connection) {
            if (connection.idle()) connection.abort();
        });
        while (!connections.empty() && co_await ended.wait(deadline)) {}
        each([](Connection& connection) { connection.abort(); });
        while (!connections.empty()) co_await ended.wait(Deadline::never());
        loops.cancel();
        co_await loops.join(Deadline::never());
    }

    Executor executor;
    Shared shared;
    tcp::acceptor acceptor;
    std::uint16_t port = 0;
    std::list<Connection> connections;
    Signal ended;
    TaskGroup loops;
};

Server::Server(Executor executor, ServerConfig config, Handler handler)
    : impl_(std::make_unique<Impl>(executor, std::move(config), std::move(handler))) {}

Server::~Server() { PERSONA_ASSERT(impl_->connections.empty()); }

std::uint16_t Server::port() const { return impl_->port; }

Task<void> Server::stop(Deadline deadline) { return impl_->stop(deadline); }

}  // namespace persona::http

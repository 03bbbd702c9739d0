// A peer that sends exactly the bytes a test says and gives back exactly what came.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "async/task.hpp"

namespace persona::http::test {

class RawClient {
public:
    static Task<RawClient> connect(std::uint16_t port) {
        RawClient client(co_await asio::this_coro::executor);
        co_await client.socket_.async_connect({asio::ip::make_address("127.0.0.1"), port}, asio::use_awaitable);
        co_return client;
    }

    Task<void> send(std::string bytes) { co_await asio::async_write(socket_, asio::buffer(bytes), asio::use_awaitable); }

    // Everything up to and with `end`; what was read beyond stays for the next call. Throws at the end of the stream.
    Task<std::string> until(std::string end) {
        while (true) {
            if (const auto at = seen_.find(end); at != seen_.npos) {
                std::string out = seen_.substr(0, at + end.size());
                seen_.erase(0, out.size());
                co_return out;
            }
            char bytes[4096];
            const auto n = co_await socket_.async_read_some(asio::buffer(bytes), asio::use_awaitable);
            seen_.append(bytes, n);
        }
    }

    // Everything until the peer closes, in whatever way.
    Task<std::string> rest() {
        boost::system::error_code error;
        char bytes[4096];
        while (!error) {
            const auto n = co_await socket_.async_read_some(asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, error));
            seen_.append(bytes, n);
        }
        co_return std::exchange(seen_, {});
    }

    void close() { socket_.close(); }

private:
    explicit RawClient(Executor executor) : socket_(executor) {}
    asio::ip::tcp::socket socket_;
    std::string seen_;
};

}  // namespace persona::http::test

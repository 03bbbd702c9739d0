// Our HTTP/1.1 server: keep-alive, pipelining, bounded heads and bodies, files and streams. Owned by main or by a test;
// TLS is the reverse proxy's. One coroutine a connection, all on the one io thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "http/message.hpp"

namespace persona::http {

struct ServerConfig {
    std::string address = "127.0.0.1:0";  // "host:port" with a numeric host, "[::1]:8080"; port 0 takes a free one
    std::size_t max_body = 1 << 20;       // bytes
    // The limit of one request, chosen by its head before any of the body is read; empty: max_body.
    std::function<std::size_t(const Request& head)> body_limit;
    // When all are taken the connection that is idle longest makes room; where none is idle, new ones wait in the kernel.
    std::size_t max_connections = 1024;
    // Kept to within a quarter of the shortest, one second at most: one sweep over the connections instead of a timer for each operation.
    Millis head_time = 10s;   // from the first byte to the end of the head
    Millis body_time = 60s;   // the whole body
    Millis idle_time = 75s;   // between requests
    Millis write_time = 30s;  // while the peer takes nothing
};

// Called once a request, several at a time. Cancelled when the peer hangs up (noticed within a second) or the server stops.
// Unavailable that leaves it is answered 503 with Retry-After: 5, any other exception 500; both are one line in the log.
using Handler = std::move_only_function<Task<Response>(Request)>;

class Server {
public:
    // Listens and serves from now on; throws BadConfig where the address cannot be had.
    Server(Executor executor, ServerConfig config, Handler handler);
    // stop() must have ended.
    ~Server();
    Server(const Server&) = delete;

    std::uint16_t port() const;
    // Accepts no more, closes what is idle, lets running requests finish until the deadline, then cancels them and waits for their end.
    Task<void> stop(Deadline deadline);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace persona::http

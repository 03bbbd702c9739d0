// Everything we ask of other servers over HTTP: libcurl on our loop, so that pools, TLS sessions, proxies and multipart come tested.
// One for the process, owned by main; must outlive its calls.
#pragma once

#include <filesystem>
#include <memory>

#include "async/task.hpp"
#include "http/call.hpp"

namespace persona::http {

struct ClientConfig {
    std::size_t max_connections = 128;      // in all; calls beyond wait for one to be free
    std::size_t max_host_connections = 64;  // to one host
    std::filesystem::path ca_file = {};     // instead of the system's authorities
    bool plain_path = true;                 // small requests without TLS go around libcurl, at a third of its CPU; off for comparison
    std::string proxy = {};                 // "http://host:port", "socks5h://host:port"; the environment's is not looked at
};

class Client {
public:
    explicit Client(Executor executor, ClientConfig config = {});
    // No call may be running.
    ~Client();
    Client(const Client&) = delete;

    // Any status is a Reply: redirects are not followed. Cancelling the caller ends the transfer and throws operation_aborted.
    // Certificates are always verified.
    Task<Result> send(Call call, Deadline deadline);
    // Ends kept connections and timers, so that the loop can run dry; later calls open anew. No call should be running: one without
    // TLS ends as if cancelled, one through libcurl is never heard of again.
    void close();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace persona::http

// The short way for small requests without TLS, such as the hundreds a second to a Bot API server on this machine: kept
// connections, one write, no libcurl. Client chooses it by itself. Private to http/.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "async/alarm.hpp"
#include "async/signal.hpp"
#include "http/call.hpp"

namespace persona::http {

class ResponseReader;

class PlainClient {
public:
    PlainClient(Executor executor, std::size_t max_host_connections);
    ~PlainClient();
    PlainClient(const PlainClient&) = delete;

    // True for http:// with a body of text and nothing in the URL that needs a second look.
    static bool takes(const Call& call);
    // As Client::send, for a call that it takes.
    Task<Result> send(Call call, Deadline deadline);
    // As Client::close.
    void close();

private:
    struct Target;
    struct Connection;
    struct Host;
    class Lease;

    static Target target_of(const std::string& url);
    static void check(const Connection& connection, boost::system::error_code error);
    Task<void> connect(Connection& connection, const Target& target);
    static Task<std::size_t> write(Connection& connection, std::string_view bytes);
    static Task<bool> read(Connection& connection, ResponseReader& reader);
    Task<Result> attempt(Lease& lease, Call& call, const Target& target, Deadline deadline, const std::string& wire, bool& stale);
    void look_at_deadlines();

    Executor executor_;
    std::size_t max_host_connections_;
    std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
    std::list<Connection*> busy_;  // watched for their deadlines
    Alarm deadlines_;
};

}  // namespace persona::http

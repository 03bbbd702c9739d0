// A request and a response of our HTTP server as plain values.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "async/task.hpp"
#include "http/headers.hpp"
#include "http/url.hpp"

namespace persona::http {

struct Request {
    std::string method;             // as sent: "GET", "POST"
    std::string target;             // as sent, path and query; may hold secrets, never log it
    std::vector<std::string> path;  // decoded segments: "/a/b%2Fc" is {"a", "b/c"}
    Form query;
    Headers headers;
    std::string body;                                        // empty while only the head is known
    std::string remote;                                      // address of the peer without its port; a proxy's where one stands before us
    std::vector<std::pair<std::string, std::string>> named;  // what the router's pattern named: {"token", "1:AA"}

    // What the pattern's {name} matched, or an empty view.
    std::string_view part(std::string_view name) const;
};

// Where a streamed body goes.
class BodyWriter {
public:
    virtual ~BodyWriter() = default;
    // Sends the bytes; returns when the kernel has taken them. Throws Unavailable when the peer is gone or takes nothing for too long.
    virtual Task<void> write(std::string_view bytes) = 0;
};

// Called once, after the head was sent; the body ends when it returns. An exception cuts the connection, so that the peer sees
// a body that is not complete. Cancelled when the peer goes away or the server stops.
using BodyProducer = std::move_only_function<Task<void>(BodyWriter&)>;

// A part of a file, sent by the kernel. A file that cannot be opened is a 404.
struct FileBody {
    std::filesystem::path path;
    std::uint64_t offset = 0;
    std::optional<std::uint64_t> size;  // nothing: to the end
};

struct Response {
    unsigned status = 200;
    Headers headers;  // Content-Length, Transfer-Encoding, Connection and Date are the server's
    std::variant<std::string, FileBody, BodyProducer> body;

    static Response text(unsigned status, std::string body, std::string_view type = "text/plain; charset=utf-8");
    static Response json(std::string body, unsigned status = 200);
    static Response empty(unsigned status);
};

// "Not Found"; "Unknown" where we have no phrase.
std::string_view reason_phrase(unsigned status);

}  // namespace persona::http

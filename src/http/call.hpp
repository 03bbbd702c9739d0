// An outgoing request, its reply, and the ways it can fail, as plain values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "async/deadline.hpp"
#include "http/headers.hpp"

namespace persona::http {

// Bytes of a part that are made while they are sent.
struct PartSource {
    std::uint64_t size = 0;
    // Fills the buffer from its start and returns how much, 0 at the end. Called on the io thread: reads a local file, waits for nothing.
    // What it throws comes out of send().
    std::move_only_function<std::size_t(std::span<char>)> read;
};

// One part of multipart/form-data. A field has no file name.
struct Part {
    std::string name;
    std::variant<std::string, std::filesystem::path, PartSource> content;
    std::string file_name = {};
    std::string type = {};  // Content-Type; empty: by libcurl from the file name

    static Part field(std::string name, std::string value) { return {std::move(name), std::move(value)}; }
};

struct Call {
    std::string method = "GET";
    std::string url;  // http or https; only its origin is ever logged, since paths and queries hold keys
    Headers headers = {};
    std::variant<std::string, std::vector<Part>> body = {};
    Millis connect_time = 5s;
    std::size_t max_response = 4 << 20;  // bytes of the body; beyond it the transfer is cut
    // Gets the body of a 2xx reply as it comes, on the io thread; Reply::body stays empty then. What it throws comes out of send().
    std::move_only_function<void(std::string_view)> sink = {};
    // Doing it twice is the same as once: it may be sent again, once, when a kept connection turns out to be dead.
    bool idempotent = false;

    bool safe_twice() const { return idempotent || method == "GET" || method == "HEAD"; }
};

struct Reply {
    unsigned status = 0;
    Headers headers;
    std::string body;
};

struct Failure {
    enum class Kind {
        not_sent,   // not a byte of the request left us: surely not executed, safe to try again
        unknown,    // something was written and no complete reply came: it may have been executed
        too_large,  // executed; the reply's body went over max_response
    };
    Kind kind;
    bool timed_out = false;  // the deadline, or connect_time
    std::string detail;      // for the log; names the origin only
};

using Result = std::expected<Reply, Failure>;

}  // namespace persona::http

#include "http/response_head.hpp"

#include <fmt/format.h>

namespace persona::http {
namespace {

bool server_writes(std::string_view field) {
    for (const std::string_view own : {"Content-Length", "Transfer-Encoding", "Connection", "Date"})
        if (equal_ignoring_case(field, own)) return true;
    return false;
}

}  // namespace

bool bodiless(unsigned status) { return status < 200 || status == 204 || status == 304; }

std::string head_of(const Response& response, std::string_view date, std::optional<std::uint64_t> length, bool http_1_0, bool keep_alive) {
    std::string head;
    head.reserve(256);
    fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", response.status, reason_phrase(response.status));
    head += date;
    for (const auto& [name, value] : response.headers)
        if (!server_writes(name)) head.append(name).append(": ").append(value).append("\r\n");
    const bool body = !bodiless(response.status);
    if (length && body) fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", *length);
    if (!length && body && !http_1_0) head += "Transfer-Encoding: chunked\r\n";
    if (!keep_alive)
        head += "Connection: close\r\n";
    else if (http_1_0)
        head += "Connection: keep-alive\r\n";
    return head += "\r\n";
}

}  // namespace persona::http

#include "http/message.hpp"

#include <algorithm>

namespace persona::http {
namespace {

struct Phrase {
    unsigned status;
    std::string_view text;
};
constexpr Phrase phrases[] = {
    {100, "Continue"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

}  // namespace

std::string_view Request::part(std::string_view name) const {
    const auto at = std::ranges::find(named, name, &std::pair<std::string, std::string>::first);
    return at == named.end() ? std::string_view() : std::string_view(at->second);
}

Response Response::text(unsigned status, std::string body, std::string_view type) { return {status, {{"Content-Type", type}}, std::move(body)}; }

Response Response::json(std::string body, unsigned status) { return text(status, std::move(body), "application/json"); }

Response Response::empty(unsigned status) { return {status, {}, std::string()}; }

std::string_view reason_phrase(unsigned status) {
    const auto* at = std::ranges::find(phrases, status, &Phrase::status);
    return at == std::end(phrases) ? "Unknown" : at->text;
}

}  // namespace persona::http

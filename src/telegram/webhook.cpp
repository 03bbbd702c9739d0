#include "base/bytes.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "telegram/intake.hpp"

namespace persona::telegram {

bool is_webhook_secret(std::string_view token) {
    constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !token.empty() && token.size() <= 256 && token.find_first_not_of(allowed) == std::string_view::npos;
}

// Unavailable is answered here and not left to the server, so that Telegram reads Retry-After (it honours up to an hour) and
// nobody is alarmed by a stack of warnings.
Task<http::Response> webhook(Intake& intake, const Secret& secret_token, const http::Request& request) {
    const auto given = request.headers.value("X-Telegram-Bot-Api-Secret-Token");
    if (secret_token.empty() || !equal_constant_time(as_bytes(given), as_bytes(secret_token.reveal()))) co_return http::Response::empty(401);
    auto update = parse_update(request.body);
    if (!update) co_return http::Response::empty(400);
    try {
        co_await intake.accept(std::move(*update));
        co_return http::Response::empty(200);
    } catch (const Unavailable& e) { log(Level::warn, "telegram", "a webhook's update is not taken now", {{"error", e.what()}}); }
    http::Response later = http::Response::empty(503);
    later.headers.add("Retry-After", "5");
    co_return later;
}

}  // namespace persona::telegram

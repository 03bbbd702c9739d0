#include "telegram/api.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "async/within.hpp"
#include "base/error.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;

constexpr std::size_t most_answer = 16 << 20;            // a hundred updates, each far below the limit of a message
constexpr auto longest_poll = std::chrono::seconds(50);  // the server waits no longer

BotId bot_of(const Secret& token) {
    const std::string& text = token.reveal();
    std::int64_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool good =
        read.ec == std::errc() && id > 0 && read.ptr != text.data() + text.size() && *read.ptr == ':' && read.ptr + 1 != text.data() + text.size();
    if (!good) throw BadConfig("TELEGRAM_TOKEN is not a bot's token: a number, a colon and a key");
    return BotId(id);
}

// The token is in every path: without TLS it may travel inside this machine only.
std::string checked_base(std::string base) {
    base = http::without_end_slash(std::move(base));
    const auto host = base.find("://");
    if (!base.starts_with("https://") && !http::is_loopback(base)) throw BadConfig("TELEGRAM_API_URL must be https, or http on this machine");
    if (host + 3 >= base.size() || base.find('@') != base.npos) throw BadConfig("TELEGRAM_API_URL must be the address of a server, without a user");
    return base;
}

// Doing these twice is doing them once, so that a connection found dead may be replaced without asking.
bool idempotent(std::string_view method) {
    constexpr std::string_view starts[] = {"get", "edit", "delete", "answer", "set"};
    return std::ranges::any_of(starts, [&](std::string_view start) { return method.starts_with(start); });
}

ApiError error_of(const http::Failure& failure) {
    const bool surely_not = failure.kind == http::Failure::Kind::not_sent;
    return {.kind = surely_not ? ApiErrorKind::not_sent : ApiErrorKind::unknown, .description = redact(failure.detail)};
}

std::string as_field(const json::value& value) { return value.is_string() ? std::string(value.get_string()) : json::serialize(value); }

struct AttachmentClosed : Error {
    AttachmentClosed(const std::string& what, bool lost_) : Error(what), lost(lost_) {}
    bool lost;
};

}  // namespace

Api::Api(http::Client& http, ApiConfig config, OpenAttachment open)
    : http_(http), config_(std::move(config)), open_(std::move(open)), bot_(bot_of(config_.token)) {
    config_.base = checked_base(std::move(config_.base));
}

Task<http::Call> Api::request(Call call, Deadline deadline) {
    http::Call out{.method = "POST", .url = config_.base + "/bot" + config_.token.reveal() + "/" + call.method};
    out.idempotent = idempotent(call.method);
    out.max_response = most_answer;
    if (!call.file) {
        out.headers.add("Content-Type", "application/json");
        out.body = json::serialize(call.params);
        co_return out;
    }
    if (!open_) throw AttachmentClosed("nobody opens attachments here", false);
    std::vector<http::Part> parts;
    for (const auto& [name, value] : call.params) parts.push_back(http::Part::field(name, as_field(value)));
    std::string bytes;
    try {
        bytes = co_await open_(*call.file, deadline);
    } catch (const std::exception& e) {
        if (is_cancelled(e)) throw;
        throw AttachmentClosed(e.what(), dynamic_cast<const Corrupt*>(&e) != nullptr);
    }
    parts.push_back({.name = call.file->field, .content = std::move(bytes), .file_name = call.file->file_name});
    out.body = std::move(parts);
    co_return out;
}

Task<std::expected<http::Reply, ApiError>> Api::send(Call call, Deadline deadline) {
    ApiError closed{.kind = ApiErrorKind::not_sent};
    try {
        auto reply = co_await http_.send(co_await request(std::move(call), deadline), deadline);
        if (!reply) co_return std::unexpected(error_of(reply.error()));
        co_return std::move(*reply);
    } catch (const AttachmentClosed& e) {
        if (e.lost) closed.kind = ApiErrorKind::lost;
        closed.description = "attachment: " + redact(e.what());
    }
    co_return std::unexpected(std::move(closed));
}

Task<ApiResult<json::value>> Api::call(Call call, Deadline deadline) {
    auto reply = co_await send(std::move(call), deadline);
    if (!reply) co_return std::unexpected(std::move(reply.error()));
    co_return read_answer(reply->status, reply->body);
}

Task<ApiResult<std::vector<Update>>> Api::updates(std::int64_t offset, std::chrono::seconds wait, Deadline deadline) {
    Call call{"getUpdates", {{"limit", 100}, {"timeout", std::min(wait, longest_poll).count()}}, {}};
    call.params["allowed_updates"] = json::array{"message", "callback_query", "pre_checkout_query", "my_chat_member"};
    if (offset > 0) call.params["offset"] = offset;
    auto reply = co_await send(std::move(call), deadline);
    if (!reply) co_return std::unexpected(std::move(reply.error()));
    if (reply->status == 200)
        if (auto updates = parse_updates(reply->body)) co_return std::move(*updates);
    auto answer = read_answer(reply->status, reply->body);
    if (!answer) co_return std::unexpected(std::move(answer.error()));
    co_return std::unexpected(ApiError{.kind = ApiErrorKind::server, .code = 200, .description = "the answer is no list of updates"});
}

}  // namespace persona::telegram

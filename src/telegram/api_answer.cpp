#include <algorithm>
#include <boost/json/parse.hpp>

#include "telegram/api.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;

ApiErrorKind kind_of(int code) {
    if (code == 403) return ApiErrorKind::blocked;
    if (code == 429) return ApiErrorKind::too_many;
    return code >= 400 && code < 500 ? ApiErrorKind::refused : ApiErrorKind::server;
}

std::int64_t number(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const std::int64_t* number = value ? value->if_int64() : nullptr;
    return number ? *number : 0;
}

std::string text(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    const json::string* text = value ? value->if_string() : nullptr;
    return text ? std::string(*text) : std::string();
}

constexpr std::int64_t longest_wait_s = 24 * 3600;  // a mistaken retry_after must not silence a chat for ever

ApiError refusal(unsigned status, const json::object& answer) {
    const auto said = number(answer, "error_code");
    ApiError error{.kind = kind_of(said ? static_cast<int>(said) : static_cast<int>(status)), .code = static_cast<int>(said ? said : status)};
    error.description = redact(text(answer, "description"));
    const json::value* parameters = answer.if_contains("parameters");
    if (parameters && parameters->is_object())
        error.retry_after = std::chrono::seconds(std::clamp<std::int64_t>(number(parameters->get_object(), "retry_after"), 0, longest_wait_s));
    if (error.kind == ApiErrorKind::too_many) error.retry_after = std::max(error.retry_after, std::chrono::seconds(1));
    return error;
}

}  // namespace

ApiResult<json::value> read_answer(unsigned status, std::string_view body) {
    boost::system::error_code broken;
    json::value answer = json::parse(body, broken);
    json::object* object = broken ? nullptr : answer.if_object();
    const json::value* ok = object ? object->if_contains("ok") : nullptr;
    // A proxy's page, or something cut: not the API speaks, so its status decides nothing.
    if (!ok || !ok->is_bool())
        return std::unexpected(
            ApiError{.kind = ApiErrorKind::server, .code = static_cast<int>(status), .description = "the answer is not the Bot API's"});
    if (!ok->get_bool()) return std::unexpected(refusal(status, *object));
    json::value* result = object->if_contains("result");
    return result ? std::move(*result) : json::value();
}

}  // namespace persona::telegram

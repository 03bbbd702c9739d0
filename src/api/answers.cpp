#include "api/answers.hpp"

#include <boost/json.hpp>

namespace persona::api {

namespace json = boost::json;

http::Response refusal(unsigned status, std::string_view code, std::string_view message) {
    return answer({{"error", json::object{{"code", code}, {"message", message}}}}, status);
}

http::Response answer(const json::object& body, unsigned status) {
    http::Response out = http::Response::json(json::serialize(body), status);
    out.headers.add("Cache-Control", "no-store");
    return out;
}

std::optional<json::object> object_in(const http::Request& request) {
    if (!request.headers.value("Content-Type").starts_with("application/json")) return std::nullopt;
    boost::system::error_code failed;
    json::value value = json::parse(request.body, failed);
    return !failed && value.is_object() ? std::optional(std::move(value.get_object())) : std::nullopt;
}

std::optional<std::string_view> text_in(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::optional<std::string_view>(value->get_string()) : std::nullopt;
}

}  // namespace persona::api

#include "sandbox/server/answers.hpp"

#include <charconv>

namespace persona::sandbox {

http::Response answer(const json::value& value, unsigned status) { return http::Response::json(json::serialize(value), status); }

http::Response failure(std::string_view sentence, unsigned status) { return answer(json::object{{"error", sentence}}, status); }

std::expected<json::object, std::string> body_of(const http::Request& request) {
    if (request.body.empty()) return json::object{};
    boost::system::error_code failed;
    auto value = json::parse(request.body, failed);
    if (failed || !value.is_object()) return std::unexpected("the body is not a JSON object");
    return std::move(value.get_object());
}

std::int64_t number_of(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Bot* bot_of(Station& station, const http::Request& request) {
    if (const auto id = number_of(request.query.value("bot"))) return station.world.bot(BotId(id));
    return station.world.main_bot();
}

}  // namespace persona::sandbox

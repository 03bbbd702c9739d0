// Shapes of requests and answers that the routes of the people's side share.
#pragma once

#include <expected>
#include <string>

#include "http/message.hpp"
#include "sandbox/json.hpp"
#include "sandbox/server/station.hpp"

namespace persona::sandbox {

http::Response answer(const json::value& value, unsigned status = 200);
// {"error": sentence}
http::Response failure(std::string_view sentence, unsigned status = 400);

// The body as an object; an empty body is an empty object.
std::expected<json::object, std::string> body_of(const http::Request& request);
// A number of the path or the query; 0 where it is none.
std::int64_t number_of(std::string_view text);
// The bot that "bot" in the query names, else the main one. Null: no bot has called yet.
Bot* bot_of(Station& station, const http::Request& request);

}  // namespace persona::sandbox

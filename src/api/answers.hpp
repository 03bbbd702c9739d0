// How our HTTP API says no, and how it reads a body. Private to api/.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace persona::api {

// {"error": {"code": …, "message": …}}: the code is for programs and stays, the message is English and for developers.
http::Response refusal(unsigned status, std::string_view code, std::string_view message);
http::Response answer(const boost::json::object& body, unsigned status = 200);

// A JSON object, or nothing.
std::optional<boost::json::object> object_in(const http::Request& request);
// A text of it; nothing where it is absent or of another type.
std::optional<std::string_view> text_in(const boost::json::object& object, std::string_view key);

}  // namespace persona::api

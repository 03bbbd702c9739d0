// The head of a response in its wire form. Private to http/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace persona::http {

// 1xx, 204 and 304 have no body, whatever the handler gave (RFC 9112 §6.3).
bool bodiless(unsigned status);

// date: the whole field with its line end. length: of the body; nothing for a stream.
std::string head_of(const Response& response, std::string_view date, std::optional<std::uint64_t> length, bool http_1_0, bool keep_alive);

}  // namespace persona::http

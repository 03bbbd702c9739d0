// What a request says against the table of the Bot API. Telegram itself forgives much of this (it ignores unknown names and
// converts types); tests want to see it, so violations are recorded beside the reply and never change it.
#pragma once

#include <string>
#include <vector>

#include "sandbox/json.hpp"
#include "sandbox/schema/api_table.hpp"

namespace persona::sandbox {

using Violations = std::vector<std::string>;  // "reply_markup.inline_keyboard[0][1].callback_data: 65 bytes, allowed are 1 to 64"

// The value of a form or query parameter: Telegram takes every parameter as text and reads it by its type.
// Text that does not fit any of the types stays text.
json::value decode(const Field& field, std::string_view text);

// Every violation of `params` (decoded) against the method. uploads: names of the file parts that came with the request.
Violations validate(const ObjectType& method, const json::object& params, const std::vector<std::string>& uploads);

}  // namespace persona::sandbox

// reply_markup: checked as Telegram checks it and brought into one form.
#pragma once

#include <optional>

#include "sandbox/methods/context.hpp"

namespace persona::sandbox {

struct Markup {
    std::optional<json::object> inline_keyboard;  // becomes part of the message
    std::optional<json::value> keyboard;          // becomes the chat's reply keyboard; null closes it
    bool force_reply = false;
};

// Of a message that is sent. Refuses what Telegram refuses.
Markup sent_markup(const Context& call);
// Of an edit: an inline keyboard or nothing.
std::optional<json::object> edited_markup(const Context& call);

}  // namespace persona::sandbox

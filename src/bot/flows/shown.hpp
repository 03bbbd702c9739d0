// How the inline pages of the library are shown: in the message whose button was pressed, else in a new one.
#pragma once

#include "base/number.hpp"
#include "bot/turn.hpp"

namespace persona::bot::flows {

inline telegram::Button button(std::string text, std::string data) { return {.text = std::move(text), .data = std::move(data), .url = {}}; }

inline Effect shown(const Turn& turn, std::string text, telegram::InlineKeyboard keyboard) {
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (pressed && pressed->message)
        return Redraw{.text = std::move(text), .keyboard = std::move(keyboard), .handle = {}, .message = pressed->message};
    return Say{.text = std::move(text), .keyboard = std::move(keyboard), .reply_to = {}, .handle = {}};
}

// The number of a page, or nothing.
inline std::optional<int> page_number(std::string_view text) {
    const auto page = whole_number(text);
    if (!page || *page < 0 || *page > 100'000) return std::nullopt;
    return static_cast<int>(*page);
}

}  // namespace persona::bot::flows

// What the flows of photos, avatars and portraits share.
#pragma once

#include "bot/flows/shown.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {

// In the message whose button was pressed, else in a new one.
inline Effect pictured(const Turn& turn, std::string picture, std::string caption, telegram::InlineKeyboard keyboard) {
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (pressed && pressed->message)
        return Reshow{.picture = std::move(picture), .caption = std::move(caption), .keyboard = std::move(keyboard), .message = pressed->message};
    return Show{.picture = std::move(picture), .caption = std::move(caption), .keyboard = std::move(keyboard)};
}

// A press is answered by a toast, a text by a message.
inline Outcome told(const Turn& turn, std::string text, bool alert = true) {
    if (std::holds_alternative<Pressed>(turn.event)) return {turn.state, {Toast{std::move(text), alert}}};
    return {turn.state, {Say{.text = std::move(text), .keyboard = menu_keyboard(turn.state.place, turn.context.language)}}};
}

// The message whose button was pressed goes; what comes is of another kind.
inline void unsay_pressed(const Turn& turn, Outcome& outcome) {
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (pressed && pressed->message) outcome.effects.insert(outcome.effects.begin(), Unsay{*pressed->message});
}

}  // namespace persona::bot::flows

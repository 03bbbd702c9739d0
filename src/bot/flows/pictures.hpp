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

inline Outcome draft_gone(const Turn& turn) { return open_menu(turn, Place::avatars, turn.context.say(Text::avatar_draft_gone)); }

// The draft, or what is asked for, or word that there is none.
template <class F>
Step with_draft(const Turn& turn, F body) {
    if (!turn.data.draft) return Need{.draft = true};
    if (!*turn.data.draft) return draft_gone(turn);
    return body(**turn.data.draft);
}

// How many photos a draft lacks, in words; nothing where it has enough.
inline std::optional<std::string> photos_missing(const Context& c, const AvatarDraft& draft) {
    const std::int64_t least = c.limits.least_photos, missing = least - static_cast<std::int64_t>(draft.photos.size());
    if (missing <= 0) return std::nullopt;
    return c.say(Text::gallery_missing_answer, {{"least", least}, {"missing", missing}});
}

// The message whose button was pressed goes; what comes is of another kind.
inline void unsay_pressed(const Turn& turn, Outcome& outcome) {
    const auto* pressed = std::get_if<Pressed>(&turn.event);
    if (pressed && pressed->message) outcome.effects.insert(outcome.effects.begin(), Unsay{*pressed->message});
}

}  // namespace persona::bot::flows

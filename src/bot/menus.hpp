// The tree of menus as a table: one press of ⬅️ Назад is one level up.
#pragma once

#include "bot/turn.hpp"

namespace persona::bot {

Place parent(Place place);
telegram::ReplyKeyboard menu_keyboard(Place place, Language language);
// The reply keyboard that acts on the current transcript.
telegram::ReplyKeyboard formats_keyboard(Language language);
// both: there is another subject to change to.
telegram::ReplyKeyboard dialogue_keyboard(bool free, bool both, Language language);
// Goes to a menu and shows it.
Outcome open_menu(const Turn& turn, Place place);
// The same with a text of its own.
Outcome open_menu(const Turn& turn, Place place, std::string text);

}  // namespace persona::bot

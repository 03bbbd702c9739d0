#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"

namespace persona::bot::flows {
namespace {

Step speak(const Turn& turn, Language language) {
    State next = turn.state;
    next.place = Place::settings;
    return Outcome{next, {ChooseLanguage{language}, Say{.text = render(Text::language_set, language), .keyboard = menu_keyboard(Place::settings, language)}}};
}

}  // namespace

Step speak_russian(const Turn& turn) { return speak(turn, Language::ru); }
Step speak_english(const Turn& turn) { return speak(turn, Language::en); }

}  // namespace persona::bot::flows

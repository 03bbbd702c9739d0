#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"

namespace persona::bot::flows {
namespace {

Step speak(const Turn& turn, Language language) {
    State next = turn.state;
    next.place = Place::settings;
    return Outcome{
        next, {ChooseLanguage{language}, Say{.text = render(Text::language_set, language), .keyboard = menu_keyboard(Place::settings, language)}}};
}

std::string recordings_in(const Context& c, const std::string& language) {
    return language.empty() ? c.say(Text::recordings_any) : language_names({language}, c.language);
}

Step record(const Turn& turn, std::string language) {
    State next = turn.state;
    next.place = Place::settings;
    const Context& c = turn.context;
    const std::string text = c.say(Text::recordings_set, {{"language", recordings_in(c, language)}});
    return Outcome{next, {ChooseRecordingLanguage{std::move(language)}, Say{.text = text, .keyboard = menu_keyboard(Place::settings, c.language)}}};
}

std::string on_or_off(bool on) { return on ? "on" : "off"; }

Step notices(const Turn& turn, bool wanted) {
    State next = turn.state;
    next.place = Place::settings;
    const Context& c = turn.context;
    return Outcome{next,
                   {ChooseNotices{wanted},
                    Say{.text = c.say(Text::notices_set, {{"notices", on_or_off(wanted)}}), .keyboard = menu_keyboard(Place::settings, c.language)}}};
}

}  // namespace

Step settings(const Turn& turn) {
    const Context& c = turn.context;
    return open_menu(turn, Place::settings,
                     c.say(Text::menu_settings, {{"recordings", recordings_in(c, c.recording_language)}, {"notices", on_or_off(c.notices)}}));
}

Step record_any(const Turn& turn) { return record(turn, ""); }
Step record_russian(const Turn& turn) { return record(turn, "ru"); }
Step record_english(const Turn& turn) { return record(turn, "en"); }

Step notices_on(const Turn& turn) { return notices(turn, true); }
Step notices_off(const Turn& turn) { return notices(turn, false); }

Step speak_russian(const Turn& turn) { return speak(turn, Language::ru); }
Step speak_english(const Turn& turn) { return speak(turn, Language::en); }

}  // namespace persona::bot::flows

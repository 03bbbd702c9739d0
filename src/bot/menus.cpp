#include "bot/menus.hpp"

#include <array>

#include "base/assert.hpp"

namespace persona::bot {
namespace {

struct Menu {
    Place place, parent;
    Text title;
    std::vector<std::vector<Text>> rows;
};

const std::vector<Menu>& menus() {
    using enum Text;
    static const auto* all = new std::vector<Menu>{
        {Place::main, Place::main, menu_main, {{label_assistant, label_photo}, {label_cabinet, label_settings}, {label_help}}},
        {Place::assistant, Place::main, menu_assistant, {{label_audio, label_text_file}, {label_dialogue, label_history}, {label_back}}},
        {Place::await_audio, Place::assistant, ask_audio, {{label_back}}},
        {Place::await_text, Place::assistant, ask_text_file, {{label_back}}},
        {Place::photo, Place::main, menu_photo, {{label_enhance, label_photographer}, {label_back}}},
        {Place::photographer, Place::photo, menu_photographer, {{label_avatars, label_styles}, {label_back}}},
        {Place::avatars, Place::photographer, menu_avatars, {{label_create_avatar, label_view_avatars}, {label_back}}},
        {Place::naming, Place::assistant, ask_name, {{label_cancel}, {label_back}}},
        {Place::searching, Place::assistant, ask_search, {{label_back}}},
        {Place::promo, Place::main, ask_promo, {{label_cancel}, {label_back}}},
        {Place::dialogue, Place::assistant, menu_dialogue, {{label_forget_dialogue}, {label_back}}},
        {Place::avatar_photos, Place::avatars, photos_wanted, {{label_cancel}, {label_back}}},
        {Place::avatar_gender, Place::avatars, avatar_ask_gender, {{label_cancel}, {label_back}}},
        {Place::avatar_name, Place::avatars, avatar_ask_name, {{label_cancel}, {label_back}}},
        {Place::avatar_confirm, Place::avatars, avatar_confirm_waits, {{label_cancel}, {label_back}}},
        {Place::avatar_rename, Place::avatars, avatar_ask_name, {{label_cancel}, {label_back}}},
        {Place::enhance, Place::photo, enhance_waits, {{label_back}}},
        {Place::settings,
         Place::main,
         menu_settings,
         {{label_russian, label_english},
          {label_recordings_any},
          {label_recordings_ru, label_recordings_en},
          {label_notices_on, label_notices_off},
          {label_back}}},
    };
    return *all;
}

const Menu& menu(Place place) {
    for (const Menu& m : menus())
        if (m.place == place) return m;
    PERSONA_ASSERT(false && "every place has a menu");
    return menus().front();
}

telegram::ReplyKeyboard keyboard(const std::vector<std::vector<Text>>& rows, Language language) {
    telegram::ReplyKeyboard out;
    for (const auto& row : rows) {
        auto& line = out.rows.emplace_back();
        for (const Text label : row) line.push_back(render(label, language));
    }
    return out;
}

}  // namespace

Place parent(Place place) { return menu(place).parent; }

telegram::ReplyKeyboard menu_keyboard(Place place, Language language) { return keyboard(menu(place).rows, language); }

telegram::ReplyKeyboard formats_keyboard(Language language) {
    using enum Text;
    return keyboard({{label_full}, {label_summary, label_mom}, {label_todo}, {label_protocol}, {label_about_formats}, {label_back}}, language);
}

telegram::ReplyKeyboard dialogue_keyboard(bool free, bool both, Language language) {
    using enum Text;
    std::vector<std::vector<Text>> rows{{label_forget_dialogue}, {label_back}};
    if (both) rows.insert(rows.begin(), {free ? label_about_transcript : label_free_talk});
    return keyboard(rows, language);
}

Outcome open_menu(const Turn& turn, Place place) { return open_menu(turn, place, turn.context.say(menu(place).title)); }

Outcome open_menu(const Turn& turn, Place place, std::string text) {
    State next = turn.state;
    next.place = place;
    return {next, {Say{.text = std::move(text), .keyboard = menu_keyboard(place, turn.context.language)}}};
}

}  // namespace persona::bot

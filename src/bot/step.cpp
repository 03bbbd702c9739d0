// Which flow an event leads to, as tables: commands, labels, prefixes of callback data, and what the old bot's chats still hold.
#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/labels.hpp"
#include "bot/menus.hpp"

namespace persona::bot {
namespace {

using Flow = Step (*)(const Turn&);
using ArgumentFlow = Step (*)(const Turn&, std::string_view);

template <Place place>
Step menu(const Turn& turn) {
    return open_menu(turn, place);
}

struct Command {
    std::string_view name;
    Flow flow;
};
constexpr std::array commands{
    Command{"/start", flows::start},       Command{"/help", flows::help},       Command{"/history", flows::history},
    Command{"/balance", flows::balance},   Command{"/cancel", flows::cancel},   Command{"/menu", menu<Place::main>},
    Command{"/settings", flows::settings}, Command{"/cabinet", flows::cabinet}, Command{"/paysupport", flows::paysupport},
    Command{"/terms", flows::terms},       Command{"/admin", flows::admin},
};

struct Label {
    Text label;
    Flow flow;
};
constexpr std::array labels{
    Label{Text::label_main, menu<Place::main>},
    Label{Text::label_assistant, menu<Place::assistant>},
    Label{Text::label_photo, menu<Place::photo>},
    Label{Text::label_photographer, menu<Place::photographer>},
    Label{Text::label_avatars, menu<Place::avatars>},
    Label{Text::label_settings, flows::settings},
    Label{Text::label_help, flows::help},
    Label{Text::label_cabinet, flows::cabinet},
    Label{Text::label_top_up, flows::top_up},
    Label{Text::label_promo, flows::ask_promo},
    Label{Text::label_back, flows::go_back},
    Label{Text::label_cancel, flows::cancel},
    Label{Text::label_audio, flows::ask_audio},
    Label{Text::label_again, flows::ask_audio},
    Label{Text::label_text_file, flows::ask_text_file},
    Label{Text::label_dialogue, flows::open_dialogue},
    Label{Text::label_free_talk, flows::talk_freely},
    Label{Text::label_about_transcript, flows::talk_about_transcript},
    Label{Text::label_forget_dialogue, flows::forget_dialogue},
    Label{Text::label_history, flows::history},
    Label{Text::label_search, flows::ask_search},
    Label{Text::label_delete_last, flows::delete_last_file},
    Label{Text::label_full, flows::make_current_full},
    Label{Text::label_summary, flows::make_current_summary},
    Label{Text::label_mom, flows::make_current_mom},
    Label{Text::label_todo, flows::make_current_todo},
    Label{Text::label_protocol, flows::make_current_protocol},
    Label{Text::label_about_formats, flows::about_formats},
    Label{Text::label_russian, flows::speak_russian},
    Label{Text::label_english, flows::speak_english},
    Label{Text::label_recordings_any, flows::record_any},
    Label{Text::label_recordings_ru, flows::record_russian},
    Label{Text::label_recordings_en, flows::record_english},
    Label{Text::label_notices_on, flows::notices_on},
    Label{Text::label_notices_off, flows::notices_off},
    Label{Text::label_enhance, flows::ask_enhance},
    Label{Text::label_styles, flows::styles},
    Label{Text::label_create_avatar, flows::create_avatar},
    Label{Text::label_view_avatars, flows::view_avatars},
    Label{Text::label_man, flows::choose_man},
    Label{Text::label_woman, flows::choose_woman},
};

struct Prefix {
    std::string_view text;
    ArgumentFlow flow;
};
constexpr std::array prefixes{
    Prefix{"rec:", flows::start_recording},
    Prefix{"stop:", flows::stop_recording},
    Prefix{"doc:", flows::make_document},
    Prefix{"hist:", flows::history_page},
    Prefix{"find:", flows::found_page},
    Prefix{"pick:", flows::pick},
    Prefix{"picked:", flows::picked},
    Prefix{"tr:", flows::open_card},
    Prefix{"tr-ex:", flows::choose_form},
    Prefix{"tr-out:", flows::export_transcript},
    Prefix{"tr-use:", flows::use_transcript},
    Prefix{"tr-name:", flows::ask_name},
    Prefix{"tr-docs:", flows::show_documents},
    Prefix{"tr-send:", flows::send_again},
    Prefix{"tr-del:", flows::ask_delete},
    Prefix{"tr-gone:", flows::delete_transcript},
    Prefix{"top:", flows::top_up_for},
    Prefix{"buy:", flows::buy},
    Prefix{"cab:", flows::open_cabinet},
    Prefix{"led:", flows::ledger},
    Prefix{"promo:", flows::open_promo},
    Prefix{"talk:", flows::resume_dialogue},
    Prefix{"use:", flows::usage},
    Prefix{"adm-yes:", flows::admin_yes},
    Prefix{"adm-no:", flows::admin_no},
    Prefix{"ok:", flows::understood},
    Prefix{"ph-enh:", flows::enhance_offered},
    Prefix{"ph-av:", flows::draft_offered},
    Prefix{"av:", flows::open_avatars},
    Prefix{"av-again:", flows::train_again},
    Prefix{"av-gone:", flows::delete_avatar},
    Prefix{"av-stop:", flows::stop_training},
    Prefix{"av-paint:", flows::paint_avatar},
    Prefix{"av-img:", flows::results},
    Prefix{"po:", flows::change_order},
    Prefix{"pg:", flows::paint_order},
    Prefix{"pi-keep:", flows::keep_image},
    Prefix{"pi-more:", flows::more_images},
    Prefix{"pi-file:", flows::share_image},
    Prefix{"pi-ask:", flows::ask_delete_image},
    Prefix{"pi-back:", flows::spare_image},
    Prefix{"pi-gone:", flows::delete_image},
};

// Buttons that the old bot's messages have too (legacy.md, Appendix B) keep their data, so that those in old chats work; ours say more
// behind a colon.
constexpr std::array old_prefixes{
    Prefix{"avatar_gallery_prev", flows::draft_prev},
    Prefix{"avatar_gallery_next", flows::draft_next},
    Prefix{"avatar_gallery_delete", flows::draft_remove},
    Prefix{"avatar_gallery_continue", flows::draft_continue},
    Prefix{"avatar_cancel", flows::drop_draft},
    Prefix{"avatar_type_", flows::choose_type},
    Prefix{"avatar_confirm_yes", flows::confirm_avatar},
    Prefix{"avatar_confirm_edit", flows::edit_avatar},
    Prefix{"avatar_card_prev_", flows::prev_card},
    Prefix{"avatar_card_next_", flows::next_card},
    Prefix{"avatar_card_main_", flows::make_main_avatar},
    Prefix{"avatar_card_edit_", flows::ask_avatar_name},
    Prefix{"avatar_card_delete_", flows::ask_delete_avatar},
    Prefix{"avatar_card_menu", flows::avatar_menu},
    Prefix{"avatar_main_", flows::make_main_avatar},
    Prefix{"avatar_rename_", flows::ask_avatar_name},
    Prefix{"avatar_delete_", flows::ask_delete_avatar},
    Prefix{"gallery_prev", flows::prev_style},
    Prefix{"gallery_next", flows::next_style},
    Prefix{"gallery_styles", flows::list_styles},
    Prefix{"gallery_create", flows::create_portrait},
    Prefix{"gallery_prompt", flows::list_styles},
    Prefix{"gallery_back", flows::leave_styles},
    Prefix{"style_", flows::open_style},
};

// Callback data that begins so comes from the old bot's messages (legacy.md, Appendix B): the nearest menu of today.
struct OldData {
    std::string_view prefix;
    Place place;
};
constexpr std::array old_data{
    OldData{"avatar_", Place::avatars},     OldData{"gallery_", Place::photographer},
    OldData{"style_", Place::photographer}, OldData{"emotion:", Place::photo},
    OldData{"gfpgan:", Place::photo},       OldData{"cancel_avatar_creation", Place::avatars},
    OldData{"delete_error", Place::main},   OldData{"noop", Place::main},
};

// What a text means where the person is.
struct Answer {
    Place place;
    Flow flow;
};
constexpr std::array answers{
    Answer{Place::naming, flows::receive_name},
    Answer{Place::dialogue, flows::ask_question},
    Answer{Place::searching, flows::search},
    Answer{Place::promo, flows::receive_promo},
    Answer{Place::await_text, flows::receive_long_text},
    Answer{Place::avatar_gender, flows::receive_gender},
    Answer{Place::avatar_name, flows::receive_avatar_name},
    Answer{Place::avatar_confirm, flows::show_confirm},
    Answer{Place::avatar_rename, flows::rename_avatar},
    Answer{Place::avatar_photos, menu<Place::avatar_photos>},
    Answer{Place::enhance, menu<Place::enhance>},
};

Step on_said(const Turn& turn, const Said& said) {
    const std::string_view text = said.text;
    if (text.starts_with('/')) {
        const std::string_view word = text.substr(0, std::min(text.find_first_of(" @\n"), text.size()));
        for (const Command& command : commands)
            if (command.name == word) return command.flow(turn);
        return flows::hint(turn);
    }
    if (const auto label = label_of(text)) {
        for (const Label& known : labels)
            if (known.label == *label) return known.flow(turn);
    }
    return flows::say_freely(turn);
}

Step on_pressed(const Turn& turn, const Pressed& pressed) {
    for (const Prefix& prefix : prefixes)
        if (pressed.data.starts_with(prefix.text)) return prefix.flow(turn, std::string_view(pressed.data).substr(prefix.text.size()));
    for (const Prefix& prefix : old_prefixes) {
        if (!pressed.data.starts_with(prefix.text)) continue;
        std::string_view argument = std::string_view(pressed.data).substr(prefix.text.size());
        if (argument.starts_with(':')) argument.remove_prefix(1);
        return prefix.flow(turn, argument);
    }
    const auto old = std::ranges::find_if(old_data, [&](const OldData& o) { return pressed.data.starts_with(o.prefix); });
    Outcome out = open_menu(turn, old == old_data.end() ? turn.state.place : old->place);
    out.effects.insert(out.effects.begin(), Toast{turn.context.say(Text::menu_was_updated)});
    return out;
}

struct Visitor {
    const Turn& turn;
    Step operator()(const Said& said) const { return on_said(turn, said); }
    Step operator()(const Sent&) const { return flows::receive_file(turn); }
    Step operator()(const SentAlbum&) const { return flows::receive_album(turn); }
    Step operator()(const Pressed& pressed) const { return on_pressed(turn, pressed); }
    Step operator()(const Unclear&) const { return flows::hint(turn); }
    Step operator()(const StateLost&) const { return flows::broken(turn); }
};

}  // namespace

Step flows::say_freely(const Turn& turn) {
    for (const Answer& answer : answers)
        if (answer.place == turn.state.place) return answer.flow(turn);
    return flows::hint(turn);
}

Step step(const Turn& turn) { return std::visit(Visitor{turn}, turn.event); }

}  // namespace persona::bot

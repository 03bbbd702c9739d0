#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr auto hint_interval = 5s;  // one hint in this time: ten stickers in a row are one answer

struct Section {
    std::string_view payload;
    Step (*open)(const Turn&);
};
constexpr std::array sections{
    Section{"audio", ask_audio}, Section{"text", ask_text_file},  Section{"dialogue", open_dialogue},
    Section{"history", history}, Section{"balance", balance},     Section{"help", help},
    Section{"pay", top_up},      Section{"cabinet", cabinet},     Section{"avatar", create_avatar},
    Section{"styles", styles},   Section{"enhance", ask_enhance},
};

std::string_view payload(const Turn& turn) {
    const auto* said = std::get_if<Said>(&turn.event);
    if (!said || !said->text.starts_with("/start ")) return {};
    return std::string_view(said->text).substr(7);
}

constexpr std::array wizard{Place::avatar_photos, Place::avatar_gender, Place::avatar_name, Place::avatar_confirm};
bool in_wizard(const Turn& turn) { return std::ranges::find(wizard, turn.state.place) != wizard.end(); }

}  // namespace

Step start(const Turn& turn) {
    for (const Section& section : sections)
        if (section.payload == payload(turn)) return section.open(turn);
    if (!turn.data.funds) return Need{.funds = true};
    const Context& c = turn.context;
    const std::string balance = c.coins(turn.data.funds->available);
    const Text greeting = turn.state.greeted ? Text::welcome_back : Text::welcome;
    Outcome out = open_menu(turn, Place::main, c.say(greeting, {{"name", c.first_name}, {"languages", c.languages()}, {"balance", balance}}));
    out.next.greeted = true;
    return out;
}

Step help(const Turn& turn) {
    const Context& c = turn.context;
    Outcome out{turn.state, {}};
    out.effects.push_back(Say{.text = c.say(Text::help, {{"base", c.coins(c.prices.transcription)},
                                                         {"minutes", std::int64_t{c.prices.base_minutes}},
                                                         {"extra", c.coins(c.prices.transcription_minute)},
                                                         {"output", c.coins(c.prices.output)},
                                                         {"answer", c.coins(c.prices.answer)},
                                                         {"avatar", c.coins(c.prices.avatar)},
                                                         {"portrait", c.coins(c.prices.portrait)},
                                                         {"enhancement", c.coins(c.prices.enhancement)},
                                                         {"languages", c.languages()},
                                                         {"limit", c.limits.file_bytes >> 20}}),
                              .keyboard = menu_keyboard(turn.state.place, c.language)});
    return out;
}

Step about_formats(const Turn& turn) {
    if (!turn.data.current) return Need{.current = true};
    const Context& c = turn.context;
    const std::string mode = c.say(c.models ? Text::about_model : Text::about_basic);
    const std::string current = *turn.data.current ? "\n\n" + current_text(c, **turn.data.current) : "";
    return Outcome{turn.state,
                   {Say{.text = c.say(Text::about_formats) + "\n\n" + mode + current, .keyboard = formats_keyboard(turn.context.language)}}};
}

// A question that was asked last; else work in progress; else the mode that waits for something; else there is nothing.
Step cancel(const Turn& turn) {
    if (turn.state.place == Place::dialogue) return cancel_dialogue(turn);
    if (in_wizard(turn)) return drop_draft(turn, {});
    if (turn.state.place == Place::naming || turn.state.place == Place::searching || turn.state.place == Place::promo ||
        turn.state.place == Place::avatar_rename)
        return open_menu(turn, parent(turn.state.place), turn.context.say(Text::cancelled_mode));
    if (!turn.data.jobs) return Need{.jobs = true};
    const Context& c = turn.context;
    if (!turn.data.jobs->empty()) {
        Outcome out = open_menu(turn, turn.state.place, c.say(Text::cancelling));
        for (const RunningJob& job : *turn.data.jobs) out.effects.push_back(CancelJob{job.id});
        return out;
    }
    const bool waiting = turn.state.place == Place::await_audio || turn.state.place == Place::await_text || turn.state.place == Place::enhance;
    if (waiting) return open_menu(turn, parent(turn.state.place), c.say(Text::cancelled_mode));
    return open_menu(turn, turn.state.place, c.say(Text::nothing_to_cancel));
}

Step go_back(const Turn& turn) {
    if (in_wizard(turn)) return leave_draft(turn);
    const Place up = parent(turn.state.place);
    return open_menu(turn, up);
}

Step hint(const Turn& turn) {
    const auto* unclear = std::get_if<Unclear>(&turn.event);
    const Text text = unclear && unclear->contact ? Text::contact_later : Text::hint;
    if (turn.context.now - turn.state.hint_at < hint_interval) return Outcome{turn.state, {}};
    Outcome out = open_menu(turn, turn.state.place, turn.context.say(text));
    out.next.hint_at = turn.context.now;
    return out;
}

Step broken(const Turn& turn) { return open_menu(turn, Place::main, turn.context.say(Text::broken_state)); }

}  // namespace persona::bot::flows

// The one question of renaming. Until it is answered a text is a name; any button, command or file leaves it or goes past it.
#include "bot/flows/about.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"
#include "studio/transcripts/name.hpp"

namespace persona::bot::flows {
namespace {

Text fault_text(transcripts::NameFault fault) {
    switch (fault) {
        case transcripts::NameFault::empty: return Text::name_empty;
        case transcripts::NameFault::long_: return Text::name_too_long;
        case transcripts::NameFault::control: return Text::name_control;
    }
    return Text::name_empty;
}

Outcome without_subject(Outcome outcome) {
    outcome.next.subject.reset();
    return outcome;
}

}  // namespace

Step ask_name(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        Outcome out = open_menu(turn, Place::naming, turn.context.say(Text::ask_name_for, {{"name", shown_name(turn.context, card.entry)}}));
        out.next.subject = card.entry.id.value;
        return out;
    });
}

Step receive_name(const Turn& turn) {
    if (!turn.state.subject) return without_subject(open_menu(turn, Place::assistant));
    if (!turn.data.card) return Need{.card = turn.state.subject};
    if (!*turn.data.card) return without_subject(open_menu(turn, Place::assistant, turn.context.say(Text::transcript_lost)));
    const auto name = transcripts::name_of(std::get<Said>(turn.event).text);
    if (!name) return open_menu(turn, Place::naming, turn.context.say(fault_text(name.error())));
    Outcome out = without_subject(open_menu(turn, Place::assistant, turn.context.say(Text::renamed, {{"name", *name}})));
    out.effects.insert(out.effects.begin(), Rename{*turn.state.subject, *name});
    return out;
}

}  // namespace persona::bot::flows

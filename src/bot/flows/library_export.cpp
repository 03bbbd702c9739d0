// A transcript as a file: chosen here, made by a job because its text is opened and drawn there. Free, so nothing is held.
#include "bot/export_forms.hpp"
#include "bot/flows/about.hpp"
#include "bot/flows/shown.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {

Step choose_form(const Turn& turn, std::string_view argument) {
    return about(turn, argument, [&](const Card& card) -> Step {
        const Context& c = turn.context;
        const std::string id = compact(card.entry.id.value);
        telegram::InlineKeyboard keyboard;
        for (const ExportForm& form : export_forms)
            if (!form.timed || card.entry.source == "audio")
                keyboard.rows.push_back({button(c.say(form.label), "tr-out:" + std::string(form.name) + ":" + id)});
        keyboard.rows.push_back({button(c.say(Text::label_to_card), "tr:" + id)});
        return Outcome{turn.state, {shown(turn, c.say(Text::choose_form, {{"name", shown_name(c, card.entry)}}), std::move(keyboard))}};
    });
}

Step export_transcript(const Turn& turn, std::string_view argument) {
    const std::size_t colon = argument.find(':');
    const ExportForm* form = export_form(argument.substr(0, colon));
    if (!form || colon == std::string_view::npos) return hint(turn);
    return about(turn, argument.substr(colon + 1), [&](const Card& card) -> Step {
        if (!turn.data.jobs) return Need{.jobs = true};
        if (form->timed && card.entry.source != "audio") return hint(turn);
        return Outcome{turn.state, order_export(turn, form->name, {card.entry.id.value})};
    });
}

}  // namespace persona::bot::flows

// The list of a person's transcripts, newest first; each opens its card.
#include "bot/flows/entries.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/menus.hpp"

namespace persona::bot::flows {
namespace {

telegram::InlineKeyboard keyboard(const Context& c, const HistoryPage& page, int number) {
    auto out = entry_buttons(page, number, 'h');
    add_pages(out, c, number, page.more, "hist:", "");
    out.rows.push_back({button(c.say(Text::label_search), "find:"), button(c.say(Text::label_pick), "pick:new")});
    return out;
}

Outcome show(const Turn& turn, int number) {
    const HistoryPage& page = *turn.data.history;
    return {turn.state,
            {shown(turn, turn.context.say(Text::history_title) + entry_lines(turn.context, page, number), keyboard(turn.context, page, number))}};
}

}  // namespace

Step history(const Turn& turn) {
    if (!turn.data.history) return Need{.history = 0};
    if (turn.data.history->items.empty()) return open_menu(turn, turn.state.place, turn.context.say(Text::history_empty));
    return show(turn, 0);
}

Step history_page(const Turn& turn, std::string_view argument) {
    const auto page = page_number(argument);
    if (!page) return hint(turn);
    if (!turn.data.history) return Need{.history = page};
    if (turn.data.history->items.empty()) return Outcome{turn.state, {shown(turn, turn.context.say(Text::history_empty), {})}};
    return show(turn, *page);
}

}  // namespace persona::bot::flows

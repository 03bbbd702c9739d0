// A search in one's own transcripts. The words are a text message; what was found is paged in place, and the next text is the next search.
#include "bot/flows/entries.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t query_units = 100;

Outcome show(const Turn& turn, State next, const std::string& query, int number) {
    const Context& c = turn.context;
    const HistoryPage& page = *turn.data.found;
    if (page.items.empty()) return {next, {shown(turn, c.say(Text::found_nothing, {{"query", query}}), {})}};
    auto keyboard = entry_buttons(page, number, 'f');
    add_pages(keyboard, c, number, page.more, "find:", ":" + query_tag(query));
    return {next, {shown(turn, c.say(Text::found_title, {{"query", query}}) + entry_lines(c, page, number), std::move(keyboard))}};
}

}  // namespace

Step ask_search(const Turn& turn) { return open_menu(turn, Place::searching); }

Step search(const Turn& turn) {
    const std::string query = shortened(std::get<Said>(turn.event).text, query_units);
    if (!turn.data.found) return Need{.found = 0, .query = query};
    State next = turn.state;
    next.query = query;
    return show(turn, std::move(next), query, 0);
}

Step found_page(const Turn& turn, std::string_view argument) {
    if (argument.empty()) return ask_search(turn);
    const std::size_t colon = argument.find(':');
    const auto page = page_number(argument.substr(0, colon));
    if (!page || colon == std::string_view::npos) return hint(turn);
    const std::string& query = turn.state.query;
    if (query.empty() || argument.substr(colon + 1) != query_tag(query))
        return Outcome{turn.state, {Toast{turn.context.say(Text::search_old), true}}};
    if (!turn.data.found) return Need{.found = page, .query = query};
    return show(turn, turn.state, query, *page);
}

}  // namespace persona::bot::flows

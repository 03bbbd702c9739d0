#include <charconv>

#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

std::string kind_text(const Context& c, std::string_view kind) {
    if (const DocumentKind* document = document_kind(kind)) return c.say(document->kind);
    return c.say(kind == "text" ? Text::kind_text : Text::kind_transcript);
}

std::string page_text(const Context& c, const HistoryPage& page, int number) {
    std::string out = c.say(Text::history_title);
    std::int64_t i = std::int64_t{number} * history_page_size;
    for (const HistoryItem& item : page.items)
        out += "\n" + c.say(Text::history_line, {{"i", std::to_string(++i)},
                                                 {"file", item.file_name},
                                                 {"kind", kind_text(c, item.kind)},
                                                 {"date", shown_time(item.at, c.time_zone, c.language)}});
    return out;
}

telegram::InlineKeyboard pages(const Context& c, int number, bool more) {
    std::vector<telegram::Button> row;
    if (number > 0) row.push_back({.text = c.say(Text::label_newer), .data = "hist:" + std::to_string(number - 1), .url = {}});
    if (more) row.push_back({.text = c.say(Text::label_older), .data = "hist:" + std::to_string(number + 1), .url = {}});
    return row.empty() ? telegram::InlineKeyboard{} : telegram::InlineKeyboard{{row}};
}

}  // namespace

Step history(const Turn& turn) {
    if (!turn.data.history) return Need{.history = 0};
    const Context& c = turn.context;
    if (turn.data.history->items.empty()) return open_menu(turn, turn.state.place, c.say(Text::history_empty));
    return Outcome{turn.state, {Say{.text = page_text(c, *turn.data.history, 0), .keyboard = pages(c, 0, turn.data.history->more)}}};
}

Step history_page(const Turn& turn, std::string_view argument) {
    int page = 0;
    const auto end = argument.data() + argument.size();
    if (const auto read = std::from_chars(argument.data(), end, page); read.ec != std::errc() || read.ptr != end || page < 0 || page > 100'000) return hint(turn);
    if (!turn.data.history) return Need{.history = page};
    return Outcome{turn.state,
                   {Redraw{.text = page_text(turn.context, *turn.data.history, page),
                           .keyboard = pages(turn.context, page, turn.data.history->more),
                           .handle = {},
                           .message = std::get<Pressed>(turn.event).message}}};
}

}  // namespace persona::bot::flows

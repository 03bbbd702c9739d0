// Several transcripts at once: ticked page by page, then deleted, taken away in one archive or joined. The choice is kept in the state.
#include <algorithm>

#include "base/bytes.hpp"
#include "bot/export_forms.hpp"
#include "bot/flows/entries.hpp"
#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/ids.hpp"

namespace persona::bot::flows {
namespace {

bool is_chosen(const State& state, const Uuid& id) { return std::ranges::find(state.chosen, id) != state.chosen.end(); }

// Ties the question about a deletion to the choice it was asked about.
std::string tag_of(const std::vector<Uuid>& chosen) {
    std::string all;
    for (const Uuid& id : chosen) all += compact(id);
    return to_hex(sha256(as_bytes(all))).substr(0, 8);
}

telegram::InlineKeyboard keyboard(const Context& c, const State& state, const HistoryPage& page, int number) {
    auto out = entry_buttons(page, number, 'h');
    auto entry = page.items.begin();
    for (auto& row : out.rows)
        for (telegram::Button& one : row) {
            one.text = (is_chosen(state, entry->id.value) ? "☑️ " : "⬜️ ") + one.text;
            one.data = "pick:" + std::to_string(number) + ":" + compact((entry++)->id.value);
        }
    add_pages(out, c, number, page.more, "pick:", "");
    if (!state.chosen.empty()) {
        out.rows.push_back({button(c.say(Text::label_picked_zip), "picked:zip"), button(c.say(Text::label_picked_join), "picked:join")});
        out.rows.push_back({button(c.say(Text::label_picked_delete), "picked:del")});
    }
    out.rows.push_back({button(c.say(Text::label_to_list), "hist:" + std::to_string(number))});
    return out;
}

Step show(const Turn& turn, State next, int number) {
    if (!turn.data.history) return Need{.history = number};
    const Context& c = turn.context;
    std::string text =
        c.say(Text::pick_title, {{"count", static_cast<std::int64_t>(next.chosen.size())}}) + entry_lines(c, *turn.data.history, number);
    auto buttons = keyboard(c, next, *turn.data.history, number);
    return Outcome{std::move(next), {shown(turn, std::move(text), std::move(buttons))}};
}

Outcome toast(const Turn& turn, Text text, Args args = {}) { return {turn.state, {Toast{turn.context.say(text, args), true}}}; }

Outcome ask_delete(const Turn& turn) {
    const Context& c = turn.context;
    const auto& chosen = turn.state.chosen;
    return {turn.state,
            {shown(turn, c.say(Text::picked_delete_question, {{"count", static_cast<std::int64_t>(chosen.size())}}),
                   {{{button(c.say(Text::label_delete_yes), "picked:gone:" + tag_of(chosen))}, {button(c.say(Text::label_no_back), "pick:0")}}})}};
}

Outcome delete_all(const Turn& turn, std::string_view tag) {
    const auto& chosen = turn.state.chosen;
    if (tag != tag_of(chosen)) return toast(turn, Text::picked_changed);
    const Context& c = turn.context;
    Outcome out{turn.state, {}};
    for (const Uuid& id : chosen) out.effects.push_back(EraseTranscript{id});
    out.effects.push_back(shown(turn, c.say(Text::picked_deleted, {{"count", static_cast<std::int64_t>(chosen.size())}}),
                                {{{button(c.say(Text::label_to_list), "hist:0")}}}));
    out.next.chosen.clear();
    return out;
}

}  // namespace

Step pick(const Turn& turn, std::string_view argument) {
    State next = turn.state;
    if (argument == "new") {
        next.chosen.clear();
        return show(turn, std::move(next), 0);
    }
    const std::size_t colon = argument.find(':');
    const auto page = page_number(argument.substr(0, colon));
    if (!page) return hint(turn);
    if (colon == std::string_view::npos) return show(turn, std::move(next), *page);
    const auto id = uncompact(argument.substr(colon + 1));
    if (!id) return hint(turn);
    if (std::erase(next.chosen, *id) == 0) {
        if (next.chosen.size() == most_chosen) return toast(turn, Text::picked_too_many, {{"most", static_cast<std::int64_t>(most_chosen)}});
        next.chosen.push_back(*id);
    }
    return show(turn, std::move(next), *page);
}

Step picked(const Turn& turn, std::string_view argument) {
    if (turn.state.chosen.empty()) return toast(turn, Text::picked_nothing);
    if (argument == "del") return ask_delete(turn);
    if (argument.starts_with("gone:")) return delete_all(turn, argument.substr(5));
    if (argument != "zip" && argument != "join") return hint(turn);
    if (argument == "join" && turn.state.chosen.size() < 2) return toast(turn, Text::picked_one_only);
    if (!turn.data.jobs) return Need{.jobs = true};
    return Outcome{turn.state, order_export(turn, argument, turn.state.chosen)};
}

}  // namespace persona::bot::flows

// 📊 Использование: what was paid for, each with what came of it (C5).
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t buttons_in_a_row = 5;

std::string result(const Context& c, const analytics::Used& used) {
    if (used.refund) return c.say(Text::usage_refunded, {{"amount", c.coins(used.refund->amount)}});
    return used.document ? "📎" : "";
}

struct Service {
    std::string_view name;
    Text text;
};
constexpr std::array services{Service{"answer", Text::kind_answer}, Service{"transcription", Text::kind_transcription},
                              Service{"avatar", Text::kind_avatar}, Service{"portrait", Text::kind_portrait},
                              Service{"enhancement", Text::kind_enhanced}};

Text service_text(std::string_view name) {
    for (const Service& service : services)
        if (service.name == name) return service.text;
    return Text::kind_charge;
}

std::string line(const Context& c, std::int64_t number, const analytics::Used& used) {
    const DocumentKind* kind = used.document ? document_kind(used.document->kind) : nullptr;
    const Text what = kind ? kind->kind : service_text(used.service);
    return c.say(Text::usage_line, {{"i", std::to_string(number)},
                                    {"date", shown_time(used.at, c.time_zone, c.language)},
                                    {"amount", c.coins(used.amount)},
                                    {"what", c.say(what)},
                                    {"result", result(c, used)}});
}

telegram::InlineKeyboard keyboard(const Context& c, const UsagePage& page, bool first) {
    telegram::InlineKeyboard out;
    std::int64_t number = 0;
    for (const analytics::Used& used : page.items) {
        ++number;
        if (!used.document) continue;
        if (out.rows.empty() || out.rows.back().size() == buttons_in_a_row) out.rows.emplace_back();
        out.rows.back().push_back(button("📎 " + std::to_string(number), "tr-send:" + compact(used.document->id)));
    }
    std::vector<telegram::Button> pages;
    if (!first) pages.push_back(button(c.say(Text::label_newest), "use:"));
    if (page.more) pages.push_back(button(c.say(Text::label_older), "use:" + std::to_string(page.items.back().id)));
    if (!pages.empty()) out.rows.push_back(std::move(pages));
    out.rows.push_back({button(c.say(Text::label_to_cabinet), "cab:")});
    return out;
}

}  // namespace

Step usage(const Turn& turn, std::string_view argument) {
    const auto before = argument.empty() ? std::optional<std::int64_t>(0) : whole_number(argument);
    if (!before || (!argument.empty() && *before <= 0)) return hint(turn);
    if (!turn.data.usage) {
        Need need;
        need.usage = before;
        return need;
    }
    const Context& c = turn.context;
    const UsagePage& page = *turn.data.usage;
    std::string text = c.say(page.items.empty() ? Text::usage_empty : Text::usage_title);
    std::int64_t number = 0;
    for (const analytics::Used& used : page.items) text += "\n" + line(c, ++number, used);
    return Outcome{turn.state, {shown(turn, std::move(text), keyboard(c, page, *before == 0))}};
}

}  // namespace persona::bot::flows

// 📜 История операций: the ledger in pages, each row with its sign. A page is named by the row it begins behind, so that rows that come
// meanwhile move nothing.
#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::size_t reason_units = 80;  // ten of them fit into a message

struct Name {
    wallet::Kind kind;
    std::string_view description;  // empty: any
    Text text;
};
// The first that fits.
constexpr std::array names{
    Name{wallet::Kind::topup, "", Text::kind_topup},           Name{wallet::Kind::bonus, "welcome", Text::kind_welcome},
    Name{wallet::Kind::bonus, "", Text::kind_bonus},           Name{wallet::Kind::charge, "transcription", Text::kind_transcription},
    Name{wallet::Kind::charge, "answer", Text::kind_answer},   Name{wallet::Kind::charge, "full", Text::kind_full},
    Name{wallet::Kind::charge, "summary", Text::kind_summary}, Name{wallet::Kind::charge, "mom", Text::kind_mom},
    Name{wallet::Kind::charge, "todo", Text::kind_todo},       Name{wallet::Kind::charge, "protocol", Text::kind_protocol},
    Name{wallet::Kind::charge, "", Text::kind_charge},         Name{wallet::Kind::promo, "", Text::kind_promo},
    Name{wallet::Kind::adjustment, "", Text::kind_adjustment}, Name{wallet::Kind::migration, "", Text::kind_migration},
};

Text name_of(const wallet::Entry& entry) {
    if (entry.kind == wallet::Kind::refund) return entry.amount.positive() ? Text::kind_refund : Text::kind_returned_payment;
    const auto at = std::ranges::find_if(
        names, [&](const Name& name) { return name.kind == entry.kind && (name.description.empty() || name.description == entry.description); });
    return at == names.end() ? Text::kind_charge : at->text;
}

// Of an operator's decision, its reason.
std::string what_of(const Context& c, const wallet::Entry& entry) {
    const std::string name = c.say(name_of(entry));
    const bool reasoned = entry.kind == wallet::Kind::adjustment && !entry.description.empty();
    return reasoned ? name + ": " + shortened(entry.description, reason_units) : name;
}

std::string line(const Context& c, const wallet::Entry& entry) {
    const std::string sign = entry.amount.positive() ? "+" : "−";
    const Coins size = entry.amount.positive() ? entry.amount : -entry.amount;
    return c.say(Text::ledger_line,
                 {{"date", shown_time(entry.at, c.time_zone, c.language)}, {"amount", sign + c.coins(size)}, {"what", what_of(c, entry)}});
}

telegram::InlineKeyboard keyboard(const Context& c, const LedgerPage& page) {
    telegram::InlineKeyboard out;
    std::vector<telegram::Button> row;
    if (page.newer && !page.items.empty()) row.push_back(button(c.say(Text::label_newer), "led:a" + std::to_string(page.items.front().id)));
    if (page.older && !page.items.empty()) row.push_back(button(c.say(Text::label_older), "led:b" + std::to_string(page.items.back().id)));
    if (!row.empty()) out.rows.push_back(std::move(row));
    out.rows.push_back({button(c.say(Text::label_to_cabinet), "cab:")});
    return out;
}

std::optional<LedgerCursor> cursor_of(std::string_view argument) {
    if (argument.empty()) return LedgerCursor{};
    const auto id = whole_number(argument.substr(1));
    if (!id || *id <= 0) return std::nullopt;
    if (argument.front() == 'b') return LedgerCursor{.before = *id};
    if (argument.front() == 'a') return LedgerCursor{.after = *id};
    return std::nullopt;
}

}  // namespace

Step ledger(const Turn& turn, std::string_view argument) {
    const auto cursor = cursor_of(argument);
    if (!cursor) return hint(turn);
    if (!turn.data.ledger || !turn.data.funds) {
        Need need{.funds = true};
        need.ledger = cursor;
        return need;
    }
    const Context& c = turn.context;
    const LedgerPage& page = *turn.data.ledger;
    if (page.items.empty()) return Outcome{turn.state, {shown(turn, c.say(Text::ledger_empty), keyboard(c, page))}};
    std::string text = c.say(Text::ledger_title, {{"balance", balance_text(c, *turn.data.funds)}}) + "\n";
    for (const wallet::Entry& entry : page.items) text += "\n" + line(c, entry);
    return Outcome{turn.state, {shown(turn, std::move(text), keyboard(c, page))}};
}

}  // namespace persona::bot::flows

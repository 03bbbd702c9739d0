// /admin, for those whom the operator named (ADMIN_IDS); to everybody else it is an unknown command (D1). Figures of the last days, and
// coins given or taken by hand: with a reason, after a question, once (D2).
#include <array>
#include <sstream>

#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/ids.hpp"
#include "studio/payments/adjust.hpp"

namespace persona::bot::flows {
namespace {

Effect plain(std::string text) { return Say{.text = std::move(text), .keyboard = {}, .reply_to = {}, .handle = {}}; }

std::string figures(const Context& c, Text title, const analytics::Figures& f) {
    return c.say(Text::admin_figures, {{"title", c.say(title)},
                                       {"revenue", c.coins(f.revenue)},
                                       {"topups", c.coins(f.topups)},
                                       {"users", f.new_users},
                                       {"operations", f.operations}});
}

// "/admin credit 5000000001 50 reason in words"
std::optional<Decision> decision_of(const Turn& turn, const std::string& text) {
    std::istringstream words(text);
    std::string command, act, amount, reason;
    std::int64_t person = 0;
    words >> command >> act >> person >> amount;
    std::getline(words >> std::ws, reason);
    const auto coins = Coins::parse(amount);
    if ((act != "credit" && act != "debit") || person <= 0 || !coins || !coins->positive()) return std::nullopt;
    return Decision{turn.context.id(0), TelegramId(person), act == "credit" ? *coins : -*coins, reason};
}

Step overview(const Turn& turn) {
    if (!turn.data.summary) {
        Need need;
        need.summary = true;
        return need;
    }
    const Context& c = turn.context;
    const analytics::Summary& s = *turn.data.summary;
    const std::string text = figures(c, Text::admin_today, s.today) + "\n\n" + figures(c, Text::admin_week, s.week) + "\n\n" +
                             figures(c, Text::admin_month, s.month) + "\n\n" + c.say(Text::admin_help);
    return Outcome{turn.state, {plain(text)}};
}

Step ask(const Turn& turn, Decision decision) {
    const Context& c = turn.context;
    if (!payments::is_reason(decision.reason)) return Outcome{turn.state, {plain(c.say(Text::admin_no_reason))}};
    if (!turn.data.person) {
        Need need;
        need.person = decision.person;
        return need;
    }
    if (!*turn.data.person) return Outcome{turn.state, {plain(c.say(Text::admin_no_person))}};
    const Coins size = decision.amount.positive() ? decision.amount : -decision.amount;
    const std::string text = c.say(decision.amount.positive() ? Text::admin_credit_question : Text::admin_debit_question,
                                   {{"coins", c.coins(size)},
                                    {"person", std::to_string(decision.person.value)},
                                    {"available", c.coins((*turn.data.person)->available)},
                                    {"reason", decision.reason}});
    Outcome out{turn.state,
                {Say{.text = text,
                     .keyboard = telegram::InlineKeyboard{{{button(c.say(Text::label_admin_yes), "adm-yes:" + compact(decision.id)),
                                                            button(c.say(Text::label_admin_no), "adm-no:" + compact(decision.id))}}},
                     .reply_to = {},
                     .handle = {}}}};
    out.next.decision = std::move(decision);
    return out;
}

// The question that this button belongs to, if it is still open.
bool is_open(const Turn& turn, std::string_view argument) {
    return turn.context.admin && turn.state.decision && compact(turn.state.decision->id) == argument;
}

}  // namespace

Step admin(const Turn& turn) {
    if (!turn.context.admin) return hint(turn);
    const auto& said = std::get<Said>(turn.event);
    if (said.text.find(' ') == std::string::npos) return overview(turn);
    if (auto decision = decision_of(turn, said.text)) return ask(turn, std::move(*decision));
    return Outcome{turn.state, {plain(turn.context.say(Text::admin_help))}};
}

Step admin_yes(const Turn& turn, std::string_view argument) {
    const Context& c = turn.context;
    if (!c.admin) return hint(turn);
    if (!is_open(turn, argument)) return Outcome{turn.state, {Toast{c.say(Text::admin_decided), true}}};
    const Decision& decision = *turn.state.decision;
    if (!turn.data.person) {
        Need need;
        need.person = decision.person;
        return need;
    }
    const Coins now = *turn.data.person ? (*turn.data.person)->available : Coins();
    const bool can = *turn.data.person && (decision.amount.positive() || now + decision.amount >= Coins());
    Outcome out{turn.state, {}};
    out.next.decision.reset();
    if (can) out.effects.push_back(AdjustCoins{(*turn.data.person)->user, decision.amount, decision.reason, decision.id});
    out.effects.push_back(
        shown(turn, c.say(can ? Text::admin_done : Text::admin_not_enough, {{"available", c.coins(can ? now + decision.amount : now)}}), {}));
    return out;
}

Step admin_no(const Turn& turn, std::string_view argument) {
    if (!turn.context.admin) return hint(turn);
    if (!is_open(turn, argument)) return Outcome{turn.state, {Toast{turn.context.say(Text::admin_decided), true}}};
    Outcome out{turn.state, {shown(turn, turn.context.say(Text::cancelled_mode), {})}};
    out.next.decision.reset();
    return out;
}

}  // namespace persona::bot::flows

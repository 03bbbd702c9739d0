// 👤 Личный кабинет: one card; what one has, and where to go from there.
#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

telegram::InlineKeyboard keyboard(const Context& c) {
    return {{{button(c.say(Text::label_top_up), "top:")},
             {button(c.say(Text::label_ledger), "led:"), button(c.say(Text::label_usage), "use:")},
             {button(c.say(Text::label_avatars), "av:"), button(c.say(Text::label_promo), "promo:")}}};
}

Effect plain(std::string text) { return Say{.text = std::move(text), .keyboard = {}, .reply_to = {}, .handle = {}}; }

}  // namespace

// No reply keyboard of its own: the one that is open stays.
Step balance(const Turn& turn) {
    if (!turn.data.funds) return Need{.funds = true};
    const Context& c = turn.context;
    return Outcome{turn.state,
                   {Say{.text = balance_text(c, *turn.data.funds) + "\n" + c.say(Text::balance_help),
                        .keyboard = top_up_keyboard(c.language),
                        .reply_to = {},
                        .handle = {}}}};
}

Step cabinet(const Turn& turn) {
    if (!turn.data.funds) return Need{.funds = true};
    const Context& c = turn.context;
    return Outcome{turn.state, {shown(turn, c.say(Text::cabinet, {{"balance", balance_text(c, *turn.data.funds)}}), keyboard(c))}};
}

Step open_cabinet(const Turn& turn, std::string_view) { return cabinet(turn); }

Step paysupport(const Turn& turn) {
    const Context& c = turn.context;
    const std::string contact = c.sale.support.empty() ? "" : c.say(Text::paysupport_contact, {{"contact", c.sale.support}});
    return Outcome{turn.state, {plain(c.say(Text::paysupport, {{"support", contact}}))}};
}

Step terms(const Turn& turn) { return Outcome{turn.state, {plain(turn.context.say(Text::terms))}}; }

}  // namespace persona::bot::flows

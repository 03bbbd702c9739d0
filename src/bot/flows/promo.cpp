// 🎟 Промокод: what was said is the code. A code that may be used is used in the transaction that says so; one that may not is counted
// against guessing.
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/menus.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

// In the order of promo::Verdict, from unknown on.
constexpr std::array refusals{Text::promo_unknown, Text::promo_inactive, Text::promo_invalid,
                              Text::promo_used,    Text::promo_waits,    Text::promo_too_often};

Text refusal(promo::Verdict verdict) { return refusals[static_cast<std::size_t>(verdict) - 1]; }

// Only what a guesser would learn from.
bool is_miss(promo::Verdict verdict) {
    return verdict == promo::Verdict::unknown || verdict == promo::Verdict::inactive || verdict == promo::Verdict::invalid;
}

Outcome refuse(const Turn& turn, promo::Verdict verdict) {
    Outcome out{turn.state, {Say{.text = turn.context.say(refusal(verdict)), .keyboard = menu_keyboard(Place::promo, turn.context.language)}}};
    if (is_miss(verdict)) out.effects.push_back(MissPromo{});
    return out;
}

std::string accepted(const Turn& turn, const promo::Offer& offer) {
    const Context& c = turn.context;
    if (offer.kind == promo::Kind::amount)
        return c.say(Text::promo_given, {{"coins", c.coins(offer.value)}, {"available", c.coins(turn.data.funds->available + offer.value)}});
    return c.say(offer.kind == promo::Kind::bonus ? Text::promo_bonus_waits : Text::promo_discount_waits, {{"percent", short_number(offer.value)}});
}

}  // namespace

Step ask_promo(const Turn& turn) {
    if (!turn.data.promo) return Need{.promo = true};
    const auto& waiting = *turn.data.promo;
    if (!waiting) return open_menu(turn, Place::promo);
    return open_menu(turn, Place::promo, turn.context.say(Text::ask_promo_waiting, {{"code", waiting->code}}));
}

Step open_promo(const Turn& turn, std::string_view) { return ask_promo(turn); }

Step receive_promo(const Turn& turn) {
    const auto code = promo::normalised(std::get<Said>(turn.event).text);
    // What cannot be a code is looked up as one that nobody made: it counts as a guess all the same.
    if (!turn.data.offer || !turn.data.funds) {
        Need need{.funds = true};
        need.code = code.value_or("-");
        return need;
    }
    const promo::Offer& offer = *turn.data.offer;
    if (offer.verdict != promo::Verdict::ok) return refuse(turn, offer.verdict);
    Outcome out = open_menu(turn, Place::main, accepted(turn, offer));
    out.effects.insert(out.effects.begin(), UsePromo{*code, turn.context.id(0)});
    return out;
}

}  // namespace persona::bot::flows

// ➕ Пополнить: packages with what one gets for them, then an invoice in Telegram Stars. What happens to a payment is not a flow's
// business: the database credits it, and a notice says so.
#include <algorithm>
#include <array>

#include "bot/flows/flows.hpp"
#include "bot/flows/shown.hpp"
#include "bot/offers.hpp"

namespace persona::bot::flows {
namespace {

constexpr std::int64_t example = 100'00;  // hundredths of coins that "what one gets" speaks of
// Buttons that a top-up may lead back to.
constexpr std::array<std::string_view, 3> resumable{"doc:", "rec:", "talk:"};

telegram::InlineKeyboard packages(const Turn& turn) {
    const Context& c = turn.context;
    telegram::InlineKeyboard out;
    for (const Package& package : c.sale.packages) {
        const promo::Terms terms = promo::terms(package.coins, package.stars, *turn.data.promo);
        const std::string label =
            c.say(Text::label_package, {{"coins", c.coins(package.coins + terms.bonus)}, {"stars", std::to_string(terms.price)}});
        out.rows.push_back({button(label, "buy:" + std::to_string(package.coins.value()) + ":" + std::to_string(terms.price))});
    }
    out.rows.push_back({button(c.say(Text::label_to_cabinet), "cab:")});
    return out;
}

std::string words(const Turn& turn) {
    const Context& c = turn.context;
    const auto times = [](Coins price) { return price.positive() ? example / price.value() : example; };
    std::string out = c.say(Text::top_up, {{"balance", balance_text(c, *turn.data.funds)},
                                           {"recordings", times(c.prices.transcription)},
                                           {"minutes", std::int64_t{c.prices.base_minutes}},
                                           {"documents", times(c.prices.output)}});
    const auto& code = *turn.data.promo;
    if (code && code->kind == promo::Kind::discount) out += "\n" + c.say(Text::top_up_discount, {{"percent", short_number(code->value)}});
    if (code && code->kind == promo::Kind::bonus) out += "\n" + c.say(Text::top_up_bonus, {{"percent", short_number(code->value)}});
    return out;
}

Step show(const Turn& turn, std::string resume, std::optional<Text> first = {}) {
    if (!turn.data.funds || !turn.data.promo) return Need{.funds = true, .promo = true};
    Outcome out{turn.state, {shown(turn, words(turn), packages(turn))}};
    out.next.resume = std::move(resume);
    if (first) out.effects.insert(out.effects.begin(), Toast{turn.context.say(*first)});
    return out;
}

std::optional<std::pair<std::int64_t, std::int64_t>> two_numbers(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto coins = whole_number(text.substr(0, colon)), stars = whole_number(text.substr(colon + 1));
    return coins && stars ? std::optional(std::pair{*coins, *stars}) : std::nullopt;
}

SellCoins invoice(const Turn& turn, const Package& package, const promo::Terms& terms) {
    const Context& c = turn.context;
    const auto& code = *turn.data.promo;
    const std::string title = c.say(Text::invoice_title, {{"coins", short_number(package.coins + terms.bonus)}});
    return {.order = {.id = c.id(0),
                      .user = {},
                      .coins = package.coins,
                      .bonus = terms.bonus,
                      .price = terms.price,
                      .promo = code ? std::optional(code->use) : std::nullopt,
                      .resume = turn.state.resume},
            .minutes = c.sale.order_minutes,
            .title = title,
            .description = c.say(Text::invoice_description, {{"minutes", std::int64_t{c.sale.order_minutes}}}),
            .label = title};
}

}  // namespace

Step top_up(const Turn& turn) { return show(turn, ""); }

Step top_up_for(const Turn& turn, std::string_view act) {
    const bool known = std::ranges::any_of(resumable, [&](std::string_view prefix) { return act.starts_with(prefix); });
    return show(turn, known ? std::string(act) : "");
}

// A button of yesterday whose price is not today's sells nothing.
Step buy(const Turn& turn, std::string_view argument) {
    const auto wanted = two_numbers(argument);
    if (!wanted) return hint(turn);
    if (!turn.data.funds || !turn.data.promo) return Need{.funds = true, .promo = true};
    for (const Package& package : turn.context.sale.packages) {
        const promo::Terms terms = promo::terms(package.coins, package.stars, *turn.data.promo);
        if (package.coins.value() == wanted->first && terms.price == wanted->second) return Outcome{turn.state, {invoice(turn, package, terms)}};
    }
    return show(turn, turn.state.resume, Text::top_up_prices_changed);
}

}  // namespace persona::bot::flows

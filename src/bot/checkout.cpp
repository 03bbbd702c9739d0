#include "bot/checkout.hpp"

#include <array>

#include "base/error.hpp"
#include "base/log.hpp"
#include "studio/payments/payments.hpp"

namespace persona::bot {
namespace {

constexpr auto patience = 6s;  // Telegram waits ten

using payments::Order;

struct Rule {
    bool (*broken)(const Order& order, const telegram::PreCheckout& query);
    Text text;
};
// The first that is broken is told.
constexpr std::array rules{
    Rule{[](const Order& o, const telegram::PreCheckout& q) { return o.owner != q.from.id; }, Text::checkout_not_yours},
    Rule{[](const Order& o, const telegram::PreCheckout&) { return o.banned; }, Text::checkout_banned},
    Rule{[](const Order& o, const telegram::PreCheckout& q) {
             return o.provider != payments::Provider::stars || o.price != q.amount || payments::currency(o.provider) != q.currency;
         },
         Text::checkout_unknown},
    Rule{[](const Order& o, const telegram::PreCheckout&) {
             return (o.state != Order::State::open && o.state != Order::State::paid) || o.late || !o.promo_waits;
         },
         Text::checkout_expired},
};

telegram::Call yes(const telegram::PreCheckout& query) {
    return {.method = "answerPreCheckoutQuery", .params = {{"pre_checkout_query_id", query.id}, {"ok", true}}, .file = {}};
}

telegram::Call no(const telegram::PreCheckout& query, Text why) {
    const Language language = language_of("", query.from.language_code);
    return {.method = "answerPreCheckoutQuery",
            .params = {{"pre_checkout_query_id", query.id}, {"ok", false}, {"error_message", render(why, language)}},
            .file = {}};
}

}  // namespace

std::optional<Text> refusal(const std::optional<Order>& order, const telegram::PreCheckout& query, payments::Second second) {
    if (!order) return Text::checkout_unknown;
    for (const Rule& rule : rules)
        if (rule.broken(*order, query)) return rule.text;
    if (order->state == Order::State::paid && second == payments::Second::refund) return Text::checkout_paid;
    return std::nullopt;
}

Task<telegram::Call> Checkout::answer(telegram::PreCheckout query) {
    const auto id = Uuid::parse(query.payload);
    if (!id) co_return no(query, Text::checkout_unknown);
    try {
        const auto order = co_await payments::order(pool_, *id, Deadline::after(patience));
        const auto why = refusal(order, query, second_);
        if (why) log(Level::info, "bot", "a payment was refused before it was made", {{"order", query.payload}, {"why", name(*why)}});
        co_return why ? no(query, *why) : yes(query);
    } catch (const Unavailable& e) { log(Level::warn, "bot", "an order could not be looked at", {{"error", e.what()}}); }
    co_return no(query, Text::checkout_sorry);
}

}  // namespace persona::bot

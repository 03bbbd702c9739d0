// Answers to questions of people: pressed buttons and payments.
#include <fmt/format.h>

#include "sandbox/methods/markup.hpp"
#include "sandbox/methods/methods.hpp"
#include "sandbox/methods/sending.hpp"
#include "sandbox/people/payment.hpp"
#include "sandbox/text/utf16.hpp"

namespace persona::sandbox {
namespace {

struct Invoice {
    json::object shown;
    std::string payload;
};

std::int64_t total_of(const json::array& prices) {
    std::int64_t total = 0;
    for (const auto& price : prices) total += price.is_object() ? integer_of(price.get_object(), "amount") : 0;
    return total;
}

Invoice invoice_of(const Context& call) {
    const auto text = [&](const char* field, std::size_t longest, const char* code) {
        const auto value = text_of(call.params, field);
        if (value.empty() || utf16_length(value) > longest) refuse(code);
        return std::string(value);
    };
    const auto title = text("title", 32, "INVOICE_TITLE_INVALID"), description = text("description", 255, "INVOICE_DESCRIPTION_INVALID");
    const std::string payload(text_of(call.params, "payload"));
    if (payload.empty() || payload.size() > 128) refuse("INVOICE_PAYLOAD_INVALID");
    const auto currency = text_of(call.params, "currency");
    const auto* prices = array_of(call.params, "prices");
    if (!prices || prices->empty()) refuse("can't parse prices: expected a non-empty Array");
    const auto total = total_of(*prices);
    if (total <= 0) refuse("CURRENCY_TOTAL_AMOUNT_INVALID");
    if (currency == "XTR" && prices->size() != 1) refuse("STARS_INVOICE_INVALID");
    if (currency != "XTR" && text_of(call.params, "provider_token").empty()) refuse("PAYMENT_PROVIDER_INVALID");
    return {{{"title", title},
             {"description", description},
             {"start_parameter", text_of(call.params, "start_parameter")},
             {"currency", currency},
             {"total_amount", total}},
            payload};
}

// An own keyboard under an invoice begins with the button that pays (https://core.telegram.org/bots/api#sendinvoice).
void check_pay_button(const json::object& params) {
    const auto* markup = object_of(params, "reply_markup");
    const auto* rows = markup ? array_of(*markup, "inline_keyboard") : nullptr;
    if (!rows || rows->empty()) return;
    const auto* row = rows->front().if_array();
    const auto* button = row && !row->empty() ? row->front().if_object() : nullptr;
    if (!button || !flag_of(*button, "pay")) refuse("REPLY_MARKUP_BUY_EMPTY");
}

}  // namespace

namespace method {

json::value answer_callback_query(Context& call) {
    const std::string id(text_of(call.params, "callback_query_id"));
    if (id.empty()) refuse("callback_query_id is empty");
    const auto text = text_of(call.params, "text");
    const auto found = call.bot.callbacks.find(id);
    if (found == call.bot.callbacks.end() || found->second.expires <= call.now)
        refuse("query is too old and response timeout expired or query ID is invalid");
    if (utf16_length(text) > 200) refuse("MESSAGE_TOO_LONG");
    const auto callback = found->second;
    call.world.drop_callback(call.bot, id);
    call.world.tell({.bot = call.bot.id,
                     .chat = callback.chat,
                     .type = "callback_answer",
                     .by_bot = true,
                     .extra = {{"callback_query_id", id},
                               {"from", callback.from.value},
                               {"message_id", callback.message.value},
                               {"text", text},
                               {"url", text_of(call.params, "url")},
                               {"show_alert", flag_of(call.params, "show_alert")}}});
    return true;
}

json::value send_invoice(Context& call) {
    auto& chat = writable_chat(call);
    auto invoice = invoice_of(call);
    check_pay_button(call.params);
    return deliver(call, chat, {{"invoice", std::move(invoice.shown)}}, std::move(invoice.payload));
}

json::value create_invoice_link(Context& call) {
    invoice_of(call);
    return json::value(json::string("https://t.me/$" + call.world.number()));
}

json::value answer_pre_checkout_query(Context& call) {
    const std::string id(text_of(call.params, "pre_checkout_query_id"));
    const auto found = call.bot.checkouts.find(id);
    if (found == call.bot.checkouts.end() || found->second.expires <= call.now)
        refuse("query is too old and response timeout expired or query ID is invalid");
    const bool accepted = flag_of(call.params, "ok");
    if (!accepted && text_of(call.params, "error_message").empty()) refuse("error_message can't be empty");
    const auto checkout = found->second;
    call.bot.checkouts.erase(found);
    finish_checkout(call.world, call.bot, checkout, accepted, text_of(call.params, "error_message"), call.now);
    return true;
}

json::value refund_star_payment(Context& call) {
    switch (
        refund(call.world, call.bot, TelegramId(integer_of(call.params, "user_id")), text_of(call.params, "telegram_payment_charge_id"), call.now)) {
        case Refund::done: return true;
        case Refund::repeated: refuse("CHARGE_ALREADY_REFUNDED");
        case Refund::unknown: break;
    }
    refuse("CHARGE_NOT_FOUND");
}

}  // namespace method
}  // namespace persona::sandbox

// The bot's account of Stars, read from the payments that stand in its chats.
#include <algorithm>

#include "sandbox/methods/methods.hpp"

namespace persona::sandbox {
namespace {

struct Transaction {
    MessageId message;  // grows with time over all chats of a bot
    std::int64_t amount;
    bool refund;
    json::object shown;
};

// A refund has the id of the payment that it gives back; which it is, source or receiver tells.
Transaction transaction(const Message& message, const json::object& payment, bool refund) {
    json::object partner{{"type", "user"},
                         {"transaction_type", "invoice_payment"},
                         {"user", message.body->at("from")},
                         {"invoice_payload", text_of(payment, "invoice_payload")}};
    const auto amount = integer_of(payment, "total_amount");
    return {message.id,
            amount,
            refund,
            {{"id", text_of(payment, "telegram_payment_charge_id")},
             {"amount", amount},
             {"date", message.body->at("date")},
             {refund ? "receiver" : "source", std::move(partner)}}};
}

std::vector<Transaction> transactions(const Bot& bot) {
    std::vector<Transaction> all;
    for (const auto& [chat, in] : bot.chats)
        for (const auto& [id, message] : in.messages)
            for (const auto* kind : {"successful_payment", "refunded_payment"})
                if (const auto* payment = object_of(*message.body, kind); payment && text_of(*payment, "currency") == "XTR")
                    all.push_back(transaction(message, *payment, *kind == 'r'));
    std::ranges::sort(all, {}, &Transaction::message);
    return all;
}

}  // namespace

namespace method {

json::value get_star_transactions(Context& call) {
    const auto all = transactions(call.bot);
    const auto from = static_cast<std::size_t>(std::max<std::int64_t>(0, integer_of(call.params, "offset")));
    const auto limit = static_cast<std::size_t>(std::clamp<std::int64_t>(integer_of(call.params, "limit", 100), 1, 100));
    json::array shown;
    for (std::size_t i = from; i < all.size() && shown.size() < limit; ++i) shown.push_back(all[i].shown);
    return json::object{{"transactions", std::move(shown)}};
}

json::value get_my_star_balance(Context& call) {
    std::int64_t amount = 0;
    for (const auto& one : transactions(call.bot)) amount += one.refund ? -one.amount : one.amount;
    return json::object{{"amount", amount}};
}

}  // namespace method
}  // namespace persona::sandbox

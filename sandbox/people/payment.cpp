#include "sandbox/people/payment.hpp"

#include <algorithm>

namespace persona::sandbox {
namespace {

json::object paid(const Message& invoice, std::string_view charge) {
    const auto& shown = invoice.body->at("invoice").as_object();
    return {{"currency", shown.at("currency")},
            {"total_amount", shown.at("total_amount")},
            {"invoice_payload", invoice.payload},
            {"telegram_payment_charge_id", charge},
            {"provider_payment_charge_id", ""}};
}

void post_by_person(World& world, Bot& bot, Conversation& chat, const User& person, json::object content, Time now) {
    const auto& message = world.post(bot, chat, person.as_from(), std::move(content), now);
    world.enqueue(bot, "message", message_lane(chat.chat), *message.body, now);
}

}  // namespace

std::expected<std::string, std::string> start_payment(World& world, Bot& bot, Conversation& chat, const User& payer, MessageId invoice, Time now) {
    const auto found = chat.messages.find(invoice);
    if (found == chat.messages.end() || !found->second.body->contains("invoice")) return std::unexpected("no invoice with that message_id");
    std::erase_if(bot.checkouts, [&](const auto& entry) { return entry.second.expires <= now; });
    auto id = world.number();
    // Telegram gives a bot ten seconds.
    bot.checkouts[id] = {payer.id, chat.chat, invoice, now + 10s};
    auto query = paid(found->second, "");
    for (const auto* field : {"telegram_payment_charge_id", "provider_payment_charge_id"}) query.erase(field);
    query["id"] = id;
    query["from"] = payer.as_from();
    world.enqueue(bot, "pre_checkout_query", checkout_lane(payer.id), query, now);
    return id;
}

void finish_checkout(World& world, Bot& bot, const Checkout& checkout, bool accepted, std::string_view error, Time now) {
    auto* chat = world.conversation(bot, checkout.chat);
    const auto* payer = world.user(checkout.from);
    if (!chat || !payer) return;
    const auto invoice = chat->messages.find(checkout.message);
    if (!accepted || invoice == chat->messages.end()) {
        world.tell({.bot = bot.id,
                    .chat = chat->chat,
                    .type = "payment_refused",
                    .by_bot = true,
                    .extra = {{"message_id", checkout.message.value}, {"text", error}}});
        return;
    }
    // The real ids are long strings that mean nothing; so is this one.
    post_by_person(world, bot, *chat, *payer, {{"successful_payment", paid(invoice->second, "sandbox_charge_" + world.number())}}, now);
}

Refund refund(World& world, Bot& bot, TelegramId payer, std::string_view charge, Time now) {
    auto* chat = world.conversation(bot, ChatId(payer.value));
    const auto* person = world.user(payer);
    if (!chat || !person) return Refund::unknown;
    const auto has = [&](const auto& entry, const char* kind) {
        const auto* payment = object_of(*entry.second.body, kind);
        return payment && text_of(*payment, "telegram_payment_charge_id") == charge;
    };
    if (std::ranges::any_of(chat->messages, [&](const auto& entry) { return has(entry, "refunded_payment"); })) return Refund::repeated;
    const auto found = std::ranges::find_if(chat->messages, [&](const auto& entry) { return has(entry, "successful_payment"); });
    if (found == chat->messages.end()) return Refund::unknown;
    post_by_person(world, bot, *chat, *person, {{"refunded_payment", found->second.body->at("successful_payment")}}, now);
    return Refund::done;
}

}  // namespace persona::sandbox

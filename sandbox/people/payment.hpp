// Paying an invoice, as a person does it: the bot is asked first and has ten seconds, then the payment is a message of the chat.
#pragma once

#include <expected>

#include "sandbox/model/world.hpp"

namespace persona::sandbox {

// Asks the bot (pre_checkout_query). The error is a sentence for the caller. Gives the id of the question.
std::expected<std::string, std::string> start_payment(World& world, Bot& bot, Conversation& chat, const User& payer, MessageId invoice, Time now);

// The bot answered: posts successful_payment, or tells the page of the refusal (event "payment_refused").
void finish_checkout(World& world, Bot& bot, const Checkout& checkout, bool accepted, std::string_view error, Time now);

enum class Refund { done, repeated, unknown };
// Gives back what a charge of this person brought: posts refunded_payment.
Refund refund(World& world, Bot& bot, TelegramId payer, std::string_view charge, Time now);

}  // namespace persona::sandbox

// Payments in Telegram Stars: what successful_payment and refunded_payment say, an invoice as a call, and the way back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "telegram/api.hpp"
#include "telegram/call.hpp"

namespace persona::telegram {

struct Payment {
    std::string payload, charge, currency;
    std::int64_t amount = 0;  // in the currency's smallest unit; XTR has none smaller
};
// Of Message::payment; nothing where a field is missing.
std::optional<Payment> read_payment(std::string_view json);

struct Invoice {
    std::string title, description, label;  // 1 to 32, 1 to 255 characters, any
    std::string payload;                    // 1 to 128 bytes, seen by nobody
    std::int64_t stars = 0;                 // from 1
};
// A forwarded copy has no button to pay but one that opens the bot with /start pay: nobody pays another's invoice.
Call send_invoice(const Invoice& invoice);

// True when the Stars went back, now or before. False: Telegram refuses. Throws Unavailable where nobody knows; a repeat is harmless.
Task<bool> refund_stars(Api& api, TelegramId payer, std::string charge, Deadline deadline);

}  // namespace persona::telegram

#include "studio/payments/stars/refund.hpp"

namespace persona::stars {
namespace {

// Telegram says so of a refund that went through, too (telegram-bot-api issue 690).
bool given_before(const telegram::ApiError& error) { return error.description.contains("CHARGE_ALREADY_REFUNDED"); }

Task<std::expected<std::optional<payments::Told>, std::string>> ask(telegram::Api& api, payments::Known charge, Deadline deadline) {
    const auto answer =
        co_await api.call({"refundStarPayment", {{"user_id", charge.payer.value}, {"telegram_payment_charge_id", charge.id}}, {}}, deadline);
    if (!answer && !given_before(answer.error())) co_return std::unexpected("Telegram: " + answer.error().description);
    co_return payments::Told{.provider = payments::Provider::stars,
                             .refund = true,
                             .id = charge.id,
                             .charge = charge.id,
                             .amount = charge.amount,
                             .currency = "XTR",
                             .at = wall_now()};
}

}  // namespace

payments::AskBack ask_back(telegram::Api& api) {
    return [&api](payments::Known charge, std::int64_t, Deadline deadline) { return ask(api, std::move(charge), deadline); };
}

}  // namespace persona::stars

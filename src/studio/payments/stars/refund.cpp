#include "studio/payments/stars/refund.hpp"

#include "telegram/payment.hpp"

namespace persona::stars {
namespace {

Task<std::expected<std::optional<payments::Told>, std::string>> ask(telegram::Api& api, payments::Known charge, Deadline deadline) {
    if (!co_await telegram::refund_stars(api, charge.payer, charge.id, deadline)) co_return std::unexpected("Telegram refuses");
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

#include "telegram/payment.hpp"

#include <boost/json.hpp>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::telegram {
namespace {

namespace json = boost::json;

constexpr std::size_t most_title = 32, most_description = 255, most_payload = 128;

std::string_view text_of(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

}  // namespace

std::optional<Payment> read_payment(std::string_view text) {
    boost::system::error_code error;
    const auto value = json::parse(text, error);
    const auto* object = error ? nullptr : value.if_object();
    if (!object) return std::nullopt;
    Payment out{std::string(text_of(*object, "invoice_payload")), std::string(text_of(*object, "telegram_payment_charge_id")),
                std::string(text_of(*object, "currency"))};
    const auto* amount = object->if_contains("total_amount");
    if (out.charge.empty() || out.currency.empty() || !amount || !amount->is_int64() || amount->get_int64() <= 0) return std::nullopt;
    out.amount = amount->get_int64();
    return out;
}

Call send_invoice(const Invoice& invoice) {
    PERSONA_ASSERT(!invoice.title.empty() && utf16_units(invoice.title) <= most_title && invoice.stars > 0);
    PERSONA_ASSERT(!invoice.description.empty() && utf16_units(invoice.description) <= most_description);
    PERSONA_ASSERT(!invoice.payload.empty() && invoice.payload.size() <= most_payload);
    json::array prices;
    prices.push_back(json::object{{"label", invoice.label}, {"amount", invoice.stars}});
    return {.method = "sendInvoice",
            .params = {{"title", invoice.title},
                       {"description", invoice.description},
                       {"payload", invoice.payload},
                       {"provider_token", ""},
                       {"currency", "XTR"},
                       {"prices", std::move(prices)},
                       {"start_parameter", "pay"}},
            .file = {}};
}

Task<bool> refund_stars(Api& api, TelegramId payer, std::string charge, Deadline deadline) {
    Call call{.method = "refundStarPayment", .params = {{"user_id", payer.value}, {"telegram_payment_charge_id", charge}}, .file = {}};
    const auto done = co_await api.call(std::move(call), deadline);
    if (done || done.error().description.contains("CHARGE_ALREADY_REFUNDED")) co_return true;
    if (done.error().kind != ApiErrorKind::refused && done.error().kind != ApiErrorKind::blocked)
        throw Unavailable("Telegram did not refund: " + done.error().description);
    log(Level::error, "telegram", "Telegram refuses a refund", {{"error", done.error().description}});
    co_return false;
}

}  // namespace persona::telegram

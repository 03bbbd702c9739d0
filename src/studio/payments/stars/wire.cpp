#include "studio/payments/stars/wire.hpp"

namespace persona::stars {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> number_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

const json::object* object_of(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value ? value->if_object() : nullptr;
}

// The person whose invoice it is; null for every other partner.
const json::object* payer_in(const json::object& partner) {
    const std::string kind = text_of(partner, "transaction_type");
    return text_of(partner, "type") == "user" && (kind.empty() || kind == "invoice_payment") ? object_of(partner, "user") : nullptr;
}

// The direction tells a refund from its payment: both have one id.
std::optional<payments::Told> told_in(const json::object& object, std::int64_t amount, Time at) {
    const json::object* source = object_of(object, "source");
    const json::object* receiver = object_of(object, "receiver");
    const json::object* partner = source ? source : receiver;
    const json::object* payer = partner ? payer_in(*partner) : nullptr;
    const auto person = payer ? number_of(*payer, "id") : std::nullopt;
    const std::string id = text_of(object, "id");
    if (!person || id.empty() || amount <= 0) return std::nullopt;
    return payments::Told{.provider = payments::Provider::stars,
                          .refund = !source,
                          .id = id,
                          .charge = id,
                          .amount = amount,
                          .currency = "XTR",
                          .order = Uuid::parse(text_of(*partner, "invoice_payload")),
                          .payer = TelegramId(*person),
                          .at = at};
}

}  // namespace

std::optional<std::vector<Transaction>> read_transactions(const json::value& result) {
    const json::object* top = result.if_object();
    const json::value* list = top ? top->if_contains("transactions") : nullptr;
    if (!list || !list->is_array()) return std::nullopt;
    std::vector<Transaction> out;
    for (const json::value& item : list->get_array()) {
        const json::object* object = item.if_object();
        const auto date = object ? number_of(*object, "date") : std::nullopt;
        const auto amount = object ? number_of(*object, "amount") : std::nullopt;
        if (!date || !amount) return std::nullopt;  // one that is passed over would be money that nobody looks at
        const Time at{std::chrono::seconds(*date)};
        out.push_back({at, told_in(*object, *amount, at)});
    }
    return out;
}

}  // namespace persona::stars

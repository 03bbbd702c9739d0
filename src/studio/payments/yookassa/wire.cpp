#include "studio/payments/yookassa/wire.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/coins.hpp"

namespace persona::yookassa {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_word = 100, longest_id = 64, longest_number = 15;
constexpr std::array<std::string_view, 4> status_words{"pending", "waiting_for_capture", "succeeded", "canceled"};

// Reads fields of one object and remembers whether one that it must have was missing or of another type.
class Reader {
public:
    explicit Reader(const json::value* value) : object_(value ? value->if_object() : nullptr), sound_(object_ != nullptr) {}

    const json::value* find(std::string_view key) const { return object_ ? object_->if_contains(key) : nullptr; }
    Reader inner(std::string_view key) const { return Reader(find(key)); }
    std::string text(std::string_view key) const {
        const json::value* value = find(key);
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    }
    bool flag(std::string_view key) const {
        const json::value* value = find(key);
        return value && value->is_bool() && value->as_bool();
    }
    std::string need_id(std::string_view key) {
        std::string id = text(key);
        sound_ = sound_ && is_id(id);
        return id;
    }
    Status need_status() {
        const auto at = std::ranges::find(status_words, text("status"));
        sound_ = sound_ && at != status_words.end();
        return sound_ ? static_cast<Status>(at - status_words.begin()) : Status::pending;
    }
    Time need_time(std::string_view key) {
        const auto time = from_iso(text(key));
        sound_ = sound_ && time;
        return time.value_or(Time());
    }
    Money need_money(std::string_view key);
    bool sound() const { return sound_; }

private:
    const json::object* object_;
    bool sound_;
};

// A number of JSON has gone through a double. Its shortest text is what was written, as long as there are at most 15 digits.
std::optional<std::int64_t> amount_in(const json::value* value) {
    if (!value) return std::nullopt;
    if (value->is_string()) return amount_of(value->as_string());
    const std::string text = value->is_int64() ? std::to_string(value->as_int64()) : value->is_double() ? fmt::format("{}", value->as_double()) : "";
    return text.size() > longest_number ? std::nullopt : amount_of(text);
}

Money Reader::need_money(std::string_view key) {
    const Reader given = inner(key);
    const auto kopecks = amount_in(given.find("value"));
    Money out{kopecks.value_or(0), given.text("currency")};
    sound_ = sound_ && kopecks && out.currency.size() == 3;
    return out;
}

json::value parsed(std::string_view body) {
    boost::system::error_code failed;
    json::value value = json::parse(body, failed);
    return failed ? json::value() : value;
}

std::optional<Payment> payment_in(const json::value* value) {
    Reader fields(value);
    Payment out{.id = fields.need_id("id"), .status = fields.need_status(), .paid = fields.flag("paid"), .test = fields.flag("test")};
    out.amount = fields.need_money("amount");
    out.order = Uuid::parse(fields.inner("metadata").text("order"));
    out.url = fields.inner("confirmation").text("confirmation_url");
    out.reason = fields.inner("cancellation_details").text("reason").substr(0, longest_word);
    out.created = fields.need_time("created_at");
    return fields.sound() ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<Refund> refund_in(const json::value* value) {
    Reader fields(value);
    Refund out{.id = fields.need_id("id"), .payment = fields.need_id("payment_id"), .status = fields.need_status()};
    out.amount = fields.need_money("amount");
    out.created = fields.need_time("created_at");
    return fields.sound() && out.amount.kopecks > 0 ? std::optional(std::move(out)) : std::nullopt;
}

template <class T, class F>
std::optional<Page<T>> page_in(std::string_view body, F item_in) {
    const json::value value = parsed(body);
    const Reader fields(&value);
    const json::value* items = fields.find("items");
    if (!items || !items->is_array()) return std::nullopt;
    Page<T> out{{}, fields.text("next_cursor")};
    for (const json::value& item : items->get_array()) {
        auto read = item_in(&item);
        if (!read) return std::nullopt;  // one that is passed over would be money that nobody looks at
        out.items.push_back(std::move(*read));
    }
    return out;
}

json::object amount_json(const Money& amount) { return {{"value", amount_text(amount.kopecks)}, {"currency", amount.currency}}; }

}  // namespace

std::string_view word(Status status) { return status_words[static_cast<std::size_t>(status)]; }

std::string amount_text(std::int64_t kopecks) { return Coins::hundredths(kopecks).text(); }

std::optional<std::int64_t> amount_of(std::string_view text) {
    const auto value = text.starts_with('-') ? std::nullopt : Coins::parse(text);
    return value ? std::optional(value->value()) : std::nullopt;
}

std::optional<Payment> read_payment(std::string_view body) {
    const json::value value = parsed(body);
    return payment_in(&value);
}

std::optional<Refund> read_refund(std::string_view body) {
    const json::value value = parsed(body);
    return refund_in(&value);
}

std::optional<Page<Payment>> read_payments(std::string_view body) { return page_in<Payment>(body, payment_in); }
std::optional<Page<Refund>> read_refunds(std::string_view body) { return page_in<Refund>(body, refund_in); }

std::optional<Notification> read_notification(std::string_view body) {
    const json::value value = parsed(body);
    const Reader fields(&value);
    Reader object = fields.inner("object");
    Notification out{fields.text("event"), object.need_id("id")};
    const bool known = out.event.starts_with("payment.") || out.event.starts_with("refund.");
    return object.sound() && known && fields.text("type") == "notification" ? std::optional(std::move(out)) : std::nullopt;
}

Refused read_error(std::string_view body) {
    const json::value value = parsed(body);
    const Reader fields(&value);
    return {fields.text("code").substr(0, longest_word), fields.text("parameter").substr(0, longest_word)};
}

std::string body_of(const NewPayment& payment) {
    return json::serialize(json::object{{"amount", amount_json({payment.kopecks, "RUB"})},
                                        {"capture", payment.capture},
                                        {"confirmation", json::object{{"type", "redirect"}, {"return_url", payment.return_url}}},
                                        {"description", payment.description},
                                        {"metadata", json::object{{"order", payment.order.text()}}}});
}

std::string capture_body(const Money& amount) { return json::serialize(json::object{{"amount", amount_json(amount)}}); }

std::string refund_body(std::string_view payment, const Money& amount) {
    return json::serialize(json::object{{"payment_id", payment}, {"amount", amount_json(amount)}});
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= longest_id && std::ranges::all_of(text, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    });
}

}  // namespace persona::yookassa

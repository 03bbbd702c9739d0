// YooKassa's API v3 (yookassa.ru/developers/api) as plain values: what we ask, and what its JSON says. Pure; readers take the bytes of
// strangers and give nothing for what is not exactly of the form.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "base/uuid.hpp"

namespace persona::yookassa {

// "250.00": always two decimals.
std::string amount_text(std::int64_t kopecks);
// "250", "250.0", "250.00", "0.5"; not below zero, at most two decimals, no sign, no exponent. Nothing otherwise.
std::optional<std::int64_t> amount_of(std::string_view text);

struct Money {
    std::int64_t kopecks = 0;  // hundredths of any currency
    std::string currency = "RUB";

    friend bool operator==(const Money&, const Money&) = default;
};

// Of a payment and of a refund, which never waits for capture.
enum class Status { pending, waiting_for_capture, succeeded, canceled };
std::string_view word(Status status);

struct Payment {
    std::string id;
    Status status = Status::pending;
    bool paid = false, test = false;  // test: of a shop that moves no money
    Money amount;
    std::optional<Uuid> order;  // metadata.order: what we sent; nothing where it is absent or no UUID
    std::string url;            // where the person confirms; while pending
    std::string reason;         // cancellation_details.reason
    Time created;
};

struct Refund {
    std::string id, payment;
    Status status = Status::pending;
    Money amount;
    Time created;
};

template <class T>
struct Page {
    std::vector<T> items;  // newest first
    std::string next;      // the cursor of the page after; empty: this was the last
};

std::optional<Payment> read_payment(std::string_view body);
std::optional<Refund> read_refund(std::string_view body);
std::optional<Page<Payment>> read_payments(std::string_view body);
std::optional<Page<Refund>> read_refunds(std::string_view body);

// What a notification hints at. It carries no signature: nothing of it is believed but the id, which is then asked for.
struct Notification {
    std::string event;   // "payment.succeeded", "refund.succeeded", …
    std::string object;  // the payment's or refund's id
    bool refund() const { return event.starts_with("refund."); }
};
std::optional<Notification> read_notification(std::string_view body);

struct Refused {  // the body of a 4xx or 5xx
    std::string code, parameter;
};
// Words of at most 100 characters; empty where the body says none. Its description is for people and may quote what we sent.
Refused read_error(std::string_view body);

struct NewPayment {
    Uuid order;  // also the idempotence key
    std::int64_t kopecks = 0;
    bool capture = true;
    std::string return_url, description;  // the description: at most 128 characters
};
// The same payment always gives the same bytes: a repeat under one key with another body is refused.
std::string body_of(const NewPayment& payment);
std::string capture_body(const Money& amount);
std::string refund_body(std::string_view payment, const Money& amount);

// An id may stand in a path: YooKassa's are letters, digits and dashes.
bool is_id(std::string_view text);

}  // namespace persona::yookassa

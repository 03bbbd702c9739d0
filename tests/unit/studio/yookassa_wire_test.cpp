// YooKassa's JSON: what is taken, and what is not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/payments/yookassa/wire.hpp"

namespace persona::yookassa {
namespace {

TEST(YookassaWire, P4_AmountsAreHundredthsAndNothingFiner) {
    struct Case {
        const char* text;
        std::optional<std::int64_t> kopecks;
    };
    for (const Case& c : {Case{"250.00", 250'00},
                          Case{"250.0", 250'00},
                          Case{"250", 250'00},
                          Case{"0.05", 5},
                          Case{"0.1", 10},
                          Case{"0", 0},
                          Case{"1234567890123.45", 123456789012345},
                          Case{"250.000", {}},
                          Case{"250.001", {}},
                          Case{"-1.00", {}},
                          Case{"+1.00", {}},
                          Case{"1,00", {}},
                          Case{"1e2", {}},
                          Case{"", {}},
                          Case{".", {}},
                          Case{".5", {}},
                          Case{"5.", {}},
                          Case{" 5", {}},
                          Case{"0x10", {}},
                          Case{"NaN", {}},
                          Case{"99999999999999999.00", {}}})
        EXPECT_EQ(amount_of(c.text), c.kopecks) << c.text;
    EXPECT_EQ(amount_text(250'00), "250.00");
    EXPECT_EQ(amount_text(5), "0.05");
}

std::string payment_with(const std::string& amount) {
    return R"({"id":"2d8f-000f","status":"succeeded","paid":true,"amount":{"value":)" + amount +
           R"(,"currency":"RUB"},"created_at":"2026-11-22T10:51:18.139Z"})";
}

TEST(YookassaWire, P4_AnAmountMayBeANumber) {
    struct Case {
        const char* value;
        std::optional<std::int64_t> kopecks;
    };
    for (const Case& c : {Case{"\"250.00\"", 250'00}, Case{"250.0", 250'00}, Case{"250", 250'00}, Case{"0.1", 10}, Case{"0.29", 29},
                          Case{"1.15", 115}, Case{"4.35", 435}, Case{"1e2", 100'00}, Case{"1.005", {}}, Case{"-5", {}}, Case{"-0.0", {}},
                          Case{"1e300", {}}, Case{"null", {}}, Case{"true", {}}, Case{"[]", {}}, Case{"18446744073709551615", {}}}) {
        const auto payment = read_payment(payment_with(c.value));
        EXPECT_EQ(payment.has_value(), c.kopecks.has_value()) << c.value;
        if (payment && c.kopecks) EXPECT_EQ(payment->amount.kopecks, *c.kopecks) << c.value;
    }
}

TEST(YookassaWire, ReadsAPayment) {
    const auto payment = read_payment(R"({"id":"2d8f-000f","status":"pending","paid":false,"test":true,"amount":{"value":"100.00","currency":"RUB"},
        "confirmation":{"type":"redirect","confirmation_url":"https://yoomoney.ru/x"},"created_at":"2026-11-22T10:51:18.139Z","refundable":false,
        "metadata":{"order":"0191d6f0-0000-7000-8000-000000000001"},"cancellation_details":{"party":"merchant","reason":"no"}})");
    ASSERT_TRUE(payment);
    EXPECT_EQ(payment->id, "2d8f-000f");
    EXPECT_EQ(payment->status, Status::pending);
    EXPECT_FALSE(payment->paid);
    EXPECT_TRUE(payment->test);
    EXPECT_EQ(payment->amount, (Money{100'00, "RUB"}));
    EXPECT_EQ(payment->order, Uuid::parse("0191d6f0-0000-7000-8000-000000000001"));
    EXPECT_EQ(payment->url, "https://yoomoney.ru/x");
    EXPECT_EQ(payment->reason, "no");
    EXPECT_EQ(to_iso(payment->created), "2026-11-22T10:51:18.139000Z");
}

TEST(YookassaWire, P7_WhatIsNoPaymentIsNothing) {
    for (const char* body : {"", "{", "[]", "null", "1", "\"x\"", "{}",
                             R"({"id":"a/../b","status":"pending","amount":{"value":"1.00","currency":"RUB"},"created_at":"2026-11-22T10:51:18Z"})",
                             R"({"id":"a","status":"PENDING","amount":{"value":"1.00","currency":"RUB"},"created_at":"2026-11-22T10:51:18Z"})",
                             R"({"id":"a","status":"pending","amount":{"value":"1.00","currency":"RUBLES"},"created_at":"2026-11-22T10:51:18Z"})",
                             R"({"id":"a","status":"pending","amount":"1.00","created_at":"2026-11-22T10:51:18Z"})",
                             R"({"id":"a","status":"pending","amount":{"value":"1.00","currency":"RUB"},"created_at":"yesterday"})"})
        EXPECT_FALSE(read_payment(body)) << body;
    EXPECT_FALSE(read_payment(std::string(10'000, '[')));
    const auto bare = read_payment(payment_with("\"1.00\""));
    ASSERT_TRUE(bare);
    EXPECT_FALSE(bare->order) << "no metadata is no order, not the nil one";
}

TEST(YookassaWire, ReadsRefundsAndLists) {
    const std::string refund =
        R"({"id":"r-1","payment_id":"p-1","status":"succeeded","amount":{"value":250.0,"currency":"RUB"},"created_at":"2026-11-22T10:51:18Z"})";
    ASSERT_TRUE(read_refund(refund));
    EXPECT_EQ(read_refund(refund)->amount.kopecks, 250'00);
    EXPECT_EQ(read_refund(refund)->payment, "p-1");
    const auto page = read_refunds(R"({"type":"list","items":[)" + refund + R"(],"next_cursor":"c2"})");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->items.size(), 1u);
    EXPECT_EQ(page->next, "c2");
    EXPECT_EQ(read_payments(R"({"type":"list","items":[]})")->next, "");
    EXPECT_FALSE(read_refunds(R"({"items":[)" + refund + R"(,{}]})")) << "one that cannot be read must not be passed over";
    EXPECT_FALSE(read_refunds(R"({"type":"list"})"));
}

TEST(YookassaWire, P7_ANotificationIsAHint) {
    const auto hint =
        read_notification(R"({"type":"notification","event":"payment.succeeded","object":{"id":"p-1","status":"succeeded","amount":{"value":"1"}}})");
    ASSERT_TRUE(hint);
    EXPECT_EQ(hint->object, "p-1");
    EXPECT_FALSE(hint->refund());
    EXPECT_TRUE(read_notification(R"({"type":"notification","event":"refund.succeeded","object":{"id":"r-1"}})")->refund());
    for (const char* body :
         {"", "{}", R"({"type":"notification","event":"payment.succeeded"})",
          R"({"type":"notification","event":"payment.succeeded","object":{"id":""}})",
          R"({"type":"notification","event":"payout.succeeded","object":{"id":"p"}})", R"({"event":"payment.succeeded","object":{"id":"p"}})",
          R"({"type":"notification","event":"payment.succeeded","object":{"id":"../refunds/1"}})"})
        EXPECT_FALSE(read_notification(body)) << body;
}

TEST(YookassaWire, AnErrorIsItsCodeAndNotItsDescription) {
    const Refused refused = read_error(R"({"type":"error","code":"invalid_request","description":"your secret","parameter":"amount"})");
    EXPECT_EQ(refused.code, "invalid_request");
    EXPECT_EQ(refused.parameter, "amount");
    EXPECT_EQ(read_error("<html>").code, "");
}

TEST(YookassaWire, WhatIsAskedIsTheSameBytesEachTime) {
    const NewPayment payment{*Uuid::parse("0191d6f0-0000-7000-8000-000000000001"), 250'05, false, "https://p.example/cabinet/", "250.05"};
    EXPECT_EQ(
        body_of(payment),
        R"({"amount":{"value":"250.05","currency":"RUB"},"capture":false,"confirmation":{"type":"redirect","return_url":"https://p.example/cabinet/"},)"
        R"("description":"250.05","metadata":{"order":"0191d6f0-0000-7000-8000-000000000001"}})");
    EXPECT_EQ(refund_body("p-1", {5, "RUB"}), R"({"payment_id":"p-1","amount":{"value":"0.05","currency":"RUB"}})");
}

}  // namespace
}  // namespace persona::yookassa

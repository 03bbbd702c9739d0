// What YooKassa says, however often and in whatever order, and what becomes of it in the ledger.
#include "async/task_group.hpp"
#include "studio/payments/yookassa/till.hpp"
#include "support/till_room.hpp"

namespace persona::yookassa {
namespace {

namespace json = boost::json;
using Fault = test::YookassaServer::Fault;
using State = payments::Order::State;
constexpr postgres::Query topups{"test.topups", "SELECT count(*) FROM transactions WHERE type = 'topup'"};
constexpr postgres::Query held_events{"test.held", "SELECT count(*) FROM provider_events WHERE event = 'payment.waiting_for_capture'"};
constexpr postgres::Query ended_events{"test.ended", "SELECT count(*) FROM provider_events WHERE event = 'payment.canceled'"};
constexpr postgres::Query notices{"test.notices", "SELECT count(*) FROM notices WHERE kind = 'credited'"};

struct YookassaTill : TillTest {};

TEST_F(YookassaTill, P6_APaymentThatIsToldManyTimesAtOnceIsCreditedOnce) {
    with([](TillRoom& room) -> Task<void> {
        const std::string id = co_await room.offer();
        EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::waits) << "told before it was paid";
        room.server.pay(id);
        TaskGroup all(co_await asio::this_coro::executor, "test");
        int credited = 0;
        for (int i = 0; i < 5; ++i)
            all.spawn("told", [](TillRoom& at, std::string payment, int& count) -> Task<void> {
                count += *co_await at.till.look_at_payment(payment, at.soon()) == Settled::credited;
            }(room, id, credited));
        EXPECT_TRUE(co_await all.join(room.soon()));
        EXPECT_EQ(credited, 1);
        EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::again);
        EXPECT_EQ(co_await room.coins(), "350.00");
        EXPECT_EQ(co_await room.count(topups), 1);
        EXPECT_EQ(co_await room.count(notices), 1);
        EXPECT_EQ(co_await room.alerts(), "");
    });
}

TEST_F(YookassaTill, P7_WhatDoesNotFitAnOrderIsNotCreditedAndAlertsOnce) {
    with([](TillRoom& room) -> Task<void> {
        const auto order = co_await room.place();
        const std::string other = co_await room.offer();
        struct Case {
            const char* value;
            json::object metadata;
            const char* currency;
            const char* alert;
        };
        const json::object right{{"order", order.id.text()}};
        for (const Case& c : {Case{"249.99", right, "RUB", "mismatch "}, Case{"250.01", right, "RUB", "mismatch "},
                              Case{"250.00", right, "USD", "mismatch "}, Case{"250.00", {{"order", Uuid::v7().text()}}, "RUB", "unknown "},
                              Case{"250.00", {}, "RUB", "unknown "}, Case{"250.00", {{"order", "1 OR 1=1"}}, "RUB", "unknown "}}) {
            const std::string id = room.server.foreign_payment(c.value, c.metadata, c.currency);
            const std::string before = co_await room.alerts();
            EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::refused) << c.value << c.alert;
            (void)co_await room.till.look_at_payment(id, room.soon());
            EXPECT_EQ(co_await room.alerts(), before + c.alert);
        }
        room.server.payment(other)["metadata"] = right;  // the payment of one order that names another
        room.server.pay(other);
        EXPECT_EQ(*co_await room.till.look_at_payment(other, room.soon()), Settled::refused);
        EXPECT_EQ(*co_await room.till.look_at_payment("no-such-payment", room.soon()), Settled::refused);
        EXPECT_EQ(*co_await room.till.look_at_refund("no-such-refund", room.soon()), Settled::refused);
        EXPECT_EQ(co_await room.count(topups), 0);
        EXPECT_EQ(co_await room.coins(), "100.00");
        EXPECT_EQ(co_await room.state(order.id), State::open);
    });
}

TEST_F(YookassaTill, P7_ATestPaymentBuysNothingInALiveShop) {
    key = "live_secret_key";
    with([](TillRoom& room) -> Task<void> {
        room.server.test_shop = true;
        const std::string id = co_await room.offer();
        room.server.pay(id);
        EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::refused);
        EXPECT_EQ(co_await room.alerts(), "test ");
        EXPECT_EQ(co_await room.coins(), "100.00");
    });
}

// Whatever is lost between YooKassa's making of a payment and our knowing its name.
TEST_F(YookassaTill, P9_AnOfferWithoutAnAnswerIsRepeatedUnderItsKey) {
    for (const Fault fault : {Fault::lost, Fault::hang, Fault::error}) {
        dsn = test::postgres_dsn();
        with([fault](TillRoom& room) -> Task<void> {
            const auto order = co_await room.place();
            room.server.faults.assign(3, fault);
            EXPECT_EQ((co_await room.till.offer(order, room.soon())).error().kind, Trouble::Kind::later);
            EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
            EXPECT_EQ((co_await payments::order(room.pool, order.id, room.soon()))->remote_id, "") << "whoever placed it may still be at it";
            co_await room.age("1 minute");
            EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
            const auto named = co_await payments::order(room.pool, order.id, room.soon());
            EXPECT_THAT(named->remote_url, testing::StartsWith("https://yoomoney.example/"));
            EXPECT_EQ(room.server.payment_ids(), std::vector{named->remote_id});
        });
    }
}

TEST_F(YookassaTill, P9_ADatabaseThatDiesAfterThePaymentWasMadeLosesNothing) {
    with([](TillRoom& room) -> Task<void> {
        const auto order = co_await room.place();
        test::postgres_kill();
        bool thrown = false;
        try {
            (void)co_await room.till.offer(order, Deadline::after(2s));
        } catch (const Unavailable&) { thrown = true; }
        EXPECT_TRUE(thrown);
        EXPECT_EQ(room.server.payment_ids().size(), 1u);
        room.server.pay(room.server.payment_ids()[0]);  // not possible for a person, who has no address; possible for YooKassa
        test::postgres_start();
        co_await room.age("1 minute");
        EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
        EXPECT_EQ(room.server.payment_ids().size(), 1u);
        EXPECT_EQ(co_await room.coins(), "350.00");
    });
}

TEST_F(YookassaTill, P9_APaymentThatNobodyToldIsFoundOnce) {
    with([](TillRoom& room) -> Task<void> {
        const std::string paid = co_await room.offer(), abandoned = co_await room.offer(), open = co_await room.offer();
        room.server.pay(paid);
        room.server.abandon(abandoned);
        co_await room.age("2 days");
        EXPECT_EQ(*co_await room.till.look_after(1h, room.soon()), 0) << "a short round looks at young orders only";
        (void)co_await payments::expire(room.pool, room.soon());
        EXPECT_EQ(*co_await room.till.look_after(std::chrono::days(8), room.soon()), 2);
        EXPECT_EQ(*co_await room.till.look_after(std::chrono::days(8), room.soon()), 0);
        EXPECT_EQ(co_await room.coins(), "350.00");
        EXPECT_EQ(co_await room.count(notices), 1);
        EXPECT_EQ(co_await room.count(ended_events), 1);
        EXPECT_EQ((co_await payments::order_of_remote(room.pool, payments::Provider::yookassa, abandoned, room.soon()))->state, State::cancelled);
        room.server.pay(abandoned);  // paid all the same: a successful payment is always credited
        EXPECT_EQ(*co_await room.till.look_at_payment(abandoned, room.soon()), Settled::credited);
        EXPECT_EQ(co_await room.coins(), "600.00");
    });
}

TEST_F(YookassaTill, P9_AnOfferThatIsRefusedOrTooOldIsNotRepeated) {
    with([](TillRoom& room) -> Task<void> {
        const auto refused = co_await room.place();
        co_await room.age("1 minute");
        room.server.faults = {Fault::refused};
        EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
        EXPECT_EQ(co_await room.state(refused.id), State::cancelled);
        (void)co_await room.place();
        co_await room.age("24 hours");
        EXPECT_TRUE(co_await room.till.look_after(1h, room.soon()));
        EXPECT_TRUE(room.server.payment_ids().empty()) << "YooKassa may have forgotten the key: it would be a second payment";
    });
}

TEST_F(YookassaTill, HoldsMoneyUntilItFitsAndTakesItOnce) {
    terms.capture = false;
    with([](TillRoom& room) -> Task<void> {
        const std::string id = co_await room.offer(), wrong = co_await room.offer();
        room.server.pay(id);
        EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::credited);
        room.server.payment(wrong)["amount"] = json::object{{"value", "1.00"}, {"currency", "RUB"}};
        room.server.pay(wrong);
        EXPECT_EQ(*co_await room.till.look_at_payment(wrong, room.soon()), Settled::refused);
        EXPECT_EQ(room.server.payment(wrong).at("status"), "waiting_for_capture") << "what does not fit is not taken";
        EXPECT_EQ(*co_await room.till.look_at_payment(wrong, room.soon()), Settled::refused);
        EXPECT_EQ(co_await room.count(held_events), 2) << "an event is kept once, however often it is told";
        EXPECT_EQ(co_await room.alerts(), "mismatch ");
        EXPECT_EQ(co_await room.coins(), "350.00");
    });
}

TEST_F(YookassaTill, P15_ARefundTakesBackOnceAndMayComeFirst) {
    with([](TillRoom& room) -> Task<void> {
        const std::string id = co_await room.offer();
        room.server.pay(id);
        const std::string part = room.server.refund_elsewhere(id, "100.00");
        EXPECT_EQ(*co_await room.till.look_at_refund(part, room.soon()), Settled::reversed);
        EXPECT_EQ(co_await room.coins(), "100.00");
        EXPECT_EQ(*co_await room.till.look_at_payment(id, room.soon()), Settled::credited);
        EXPECT_EQ(co_await room.coins(), "250.00") << "the payment came after its refund";
        EXPECT_EQ(*co_await room.till.look_at_refund(part, room.soon()), Settled::again);
        const std::string rest = room.server.refund_elsewhere(id, "150.00");
        room.server.refund(rest)["status"] = "pending";
        EXPECT_EQ(*co_await room.till.look_at_refund(rest, room.soon()), Settled::waits);
        room.server.refund(rest)["status"] = "succeeded";
        EXPECT_EQ(*co_await room.till.look_at_refund(rest, room.soon()), Settled::reversed);
        EXPECT_EQ(co_await room.coins(), "100.00");
    });
}

TEST_F(YookassaTill, StopsARoundWhereNobodyAnswers) {
    with([](TillRoom& room) -> Task<void> {
        (void)co_await room.offer();
        (void)co_await room.offer();
        room.server.faults.assign(100, Fault::busy);
        room.server.asked.clear();
        EXPECT_FALSE(co_await room.till.look_after(1h, room.soon()));
        EXPECT_EQ(room.server.asked.size(), 3u);
    });
}

TEST_F(YookassaTill, P9_AnOrderThatYookassaStumblesOverDoesNotHoldUpTheOthers) {
    with([](TillRoom& room) -> Task<void> {
        (void)co_await room.offer();
        const std::string paid = co_await room.offer();
        room.server.pay(paid);
        room.server.faults.assign(3, Fault::error);  // each try of the first
        EXPECT_EQ(*co_await room.till.look_after(1h, room.soon()), 1);
        EXPECT_EQ(co_await room.coins(), "350.00");
        for (int i = 0; i < 6; ++i) (void)co_await room.offer();
        room.server.faults.assign(100, Fault::error);
        EXPECT_FALSE(co_await room.till.look_after(1h, room.soon())) << "where it stumbles over all, it is not the orders";
    });
}

}  // namespace
}  // namespace persona::yookassa

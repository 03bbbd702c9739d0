// Our books against a provider's list: what is missing on either side is made good by rule or told to an operator.
#include "studio/payments/reconcile.hpp"

#include "studio/payments/give_back.hpp"
#include "studio/payments/yookassa/refund.hpp"
#include "studio/payments/yookassa/statement.hpp"
#include "support/reconcile_room.hpp"

namespace persona::payments {
namespace {

namespace json = boost::json;
using test::YookassaServer;
using yookassa::TillRoom;
constexpr postgres::Query topups{"test.topups", "SELECT count(*) FROM transactions WHERE type = 'topup'"};
constexpr postgres::Query notices{"test.notices", "SELECT count(*) FROM notices"};
constexpr postgres::Query audited{"test.audited", "SELECT count(*) FROM audit_log WHERE action = 'payments.refund'"};
constexpr postgres::Query seen{"test.seen", "SELECT count(*) FROM reconciliation_seen"};

struct ReconcileYookassa : yookassa::TillTest {
    static OpenStatement open(TillRoom& room) {
        return [&room](Period period) { return std::make_unique<yookassa::Statement>(room.client, period); };
    }
    static Task<Report> reconcile_now(TillRoom& room) { return reconcile(room.pool, Provider::yookassa, open(room), 3, Second::credit, room.soon()); }
};

TEST_F(ReconcileYookassa, P9_WhatWasPaidAndNeverToldIsCreditedOnceAndTold) {
    with([](TillRoom& room) -> Task<void> {
        for (int i = 0; i < 5; ++i) room.server.pay(co_await room.offer());
        (void)co_await room.till.look_at_payment(room.server.payment_ids()[0], room.soon());
        (void)co_await room.offer();  // nobody paid it
        EXPECT_EQ(counts(co_await reconcile_now(room)), "5 paid, 0 refunded: 4 credited, 0 reversed, 0 refused, 0 missing");
        EXPECT_EQ(counts(co_await reconcile_now(room)), "5 paid, 0 refunded: 0 credited, 0 reversed, 0 refused, 0 missing");
        EXPECT_EQ(co_await room.coins(), "1350.00");
        EXPECT_EQ(co_await room.count(topups), 5);
        EXPECT_EQ(co_await room.count(notices), 5);
        EXPECT_EQ(co_await room.count(seen), 0) << "what was seen is forgotten at the end";
    });
}

TEST_F(ReconcileYookassa, P7_WhatFitsNoOrderIsAnAlertAndNoCredit) {
    with([](TillRoom& room) -> Task<void> {
        const auto order = co_await room.place();
        (void)room.server.foreign_payment("250.00", {});
        (void)room.server.foreign_payment("1.00", {{"order", order.id.text()}});
        const std::string changed = co_await room.offer();
        room.server.pay(changed);
        (void)co_await room.till.look_at_payment(changed, room.soon());
        room.server.payment(changed)["amount"] = json::object{{"value", "251.00"}, {"currency", "RUB"}};
        EXPECT_EQ(counts(co_await reconcile_now(room)), "3 paid, 0 refunded: 0 credited, 0 reversed, 3 refused, 0 missing");
        EXPECT_EQ(co_await room.alerts(), "amount mismatch unknown ");
        EXPECT_EQ((co_await reconcile_now(room)).refused, 3) << "until somebody has looked at it";
        EXPECT_EQ(co_await room.alerts(), "amount mismatch unknown ") << "and told once";
        co_await resolve_all(room);
        EXPECT_TRUE((co_await reconcile_now(room)).clean());
        EXPECT_EQ(co_await room.coins(), "350.00");
    });
}

TEST_F(ReconcileYookassa, P15_WhatWasRefundedElsewhereIsTakenBackOnce) {
    with([](TillRoom& room) -> Task<void> {
        const std::string paid = co_await room.offer(), early = co_await room.offer();
        room.server.pay(paid);
        room.server.pay(early);
        (void)co_await room.till.look_at_payment(paid, room.soon());
        (void)room.server.refund_elsewhere(paid, "50.00");
        (void)room.server.refund_elsewhere(early, "250.00");  // and its payment was never told
        const std::string waiting = room.server.refund_elsewhere(paid, "10.00");
        room.server.refund(waiting)["status"] = "pending";
        EXPECT_EQ(counts(co_await reconcile_now(room)), "2 paid, 2 refunded: 1 credited, 2 reversed, 0 refused, 0 missing");
        EXPECT_EQ(co_await room.coins(), "300.00");
        EXPECT_EQ(counts(co_await reconcile_now(room)), "2 paid, 2 refunded: 0 credited, 0 reversed, 0 refused, 0 missing");
        EXPECT_EQ(co_await room.coins(), "300.00");
    });
}

TEST_F(ReconcileYookassa, WhatOnlyWeKnowIsAnAlert) {
    with([](TillRoom& room) -> Task<void> {
        const auto order = co_await room.place();
        postgres::Work work;
        credit(work,
               {.provider = Provider::yookassa, .id = "invented", .order = order.id, .payer = TillRoom::ann, .amount = 250'00, .currency = "RUB"},
               Second::credit);
        reverse(work, Provider::yookassa, "invented-refund", "invented", 100'00, true);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        EXPECT_EQ((co_await reconcile_now(room)).missing, 0) << "too fresh: a list may lag";
        co_await age_books(room);
        EXPECT_EQ(counts(co_await reconcile_now(room)), "0 paid, 0 refunded: 0 credited, 0 reversed, 0 refused, 2 missing");
        EXPECT_EQ(co_await room.alerts(), "missing missing_refund ");
        EXPECT_EQ((co_await reconcile_now(room)).missing, 2) << "until somebody has looked at it";
        EXPECT_EQ(co_await room.alerts(), "missing missing_refund ") << "and told once";
        co_await resolve_all(room);
        EXPECT_TRUE((co_await reconcile_now(room)).clean());
    });
}

TEST_F(ReconcileYookassa, APaymentOfLongAgoIsNoStranger) {
    with([](TillRoom& room) -> Task<void> {
        const std::string id = co_await room.offer();
        room.server.pay(id);
        (void)co_await room.till.look_at_payment(id, room.soon());
        room.server.payment(id)["created_at"] = to_iso(wall_now() - std::chrono::days(7));
        co_await age_books(room);
        EXPECT_EQ(counts(co_await reconcile_now(room)), "0 paid, 0 refunded: 0 credited, 0 reversed, 0 refused, 0 missing");
    });
}

TEST_F(ReconcileYookassa, IsDoneOnceADayAndAgainWhereItFailed) {
    with([](TillRoom& room) -> Task<void> {
        const auto daily = [&] { return reconcile_daily(room.pool, Provider::yookassa, open(room), Second::credit, room.soon()); };
        room.server.pay(co_await room.offer());
        room.server.faults.assign(3, YookassaServer::Fault::error);
        bool thrown = false;
        try {
            (void)co_await daily();
        } catch (const Unavailable&) { thrown = true; }
        EXPECT_TRUE(thrown);
        EXPECT_FALSE(co_await daily()) << "another process may be at it";
        static constexpr postgres::Query later{"test.later", "UPDATE reconciliations SET began_at = began_at - interval '61 minutes'"};
        postgres::Work work;
        work.add(later);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        const auto report = co_await daily();
        EXPECT_TRUE(report);
        EXPECT_EQ(report->credited, 1);
        EXPECT_FALSE(co_await daily()) << "done for today";
    });
}

TEST_F(ReconcileYookassa, ARunThatIsKilledAnywhereIsMadeGoodByTheNext) {
    for (int calls = 0; calls < 4; ++calls) {
        dsn = test::postgres_dsn();
        with([calls](TillRoom& room) -> Task<void> {
            for (int i = 0; i < 4; ++i) room.server.pay(co_await room.offer());
            (void)room.server.refund_elsewhere(room.server.payment_ids()[1], "250.00");
            room.server.asked.clear();
            // Reconciliation ends at the given call: the client gives up after three faults.
            for (int i = 0; i < calls; ++i) room.server.faults.push_back(YookassaServer::Fault::none);
            room.server.faults.insert(room.server.faults.end(), 3, YookassaServer::Fault::error);
            try {
                (void)co_await reconcile_now(room);
            } catch (const Unavailable&) {}  // the last case ends before the faults
            room.server.faults.clear();
            (void)co_await reconcile_now(room);
            EXPECT_EQ(co_await room.coins(), "850.00") << calls;
            EXPECT_EQ(co_await room.count(topups), 4);
        });
    }
}

TEST_F(ReconcileYookassa, P15_AnOperatorGivesAChargeBackOnce) {
    with([](TillRoom& room) -> Task<void> {
        using enum GivenBack::Outcome;
        const std::string id = co_await room.offer();
        room.server.pay(id);
        (void)co_await room.till.look_at_payment(id, room.soon());
        const auto give = [&] {
            return give_back(room.pool, Provider::yookassa, id, yookassa::ask_back(room.client), operators_wish(), room.soon());
        };
        EXPECT_EQ(
            (co_await give_back(room.pool, Provider::yookassa, "no-such", yookassa::ask_back(room.client), operators_wish(), room.soon())).outcome,
            unknown);
        room.server.faults.assign(3, YookassaServer::Fault::lost);
        EXPECT_EQ((co_await give()).outcome, refused) << "given back there, and we do not know it";
        EXPECT_EQ(co_await room.coins(), "350.00");
        const auto again = co_await give();
        EXPECT_EQ(again.outcome, done);
        EXPECT_EQ(again.amount, 250'00);
        EXPECT_EQ(room.server.refund_count(), 1u) << "the same key";
        EXPECT_EQ((co_await give()).outcome, before);
        EXPECT_EQ(co_await room.count(audited), 1) << "recorded once, before the provider was asked";
        EXPECT_EQ(co_await room.coins(), "100.00");
    });
}

}  // namespace
}  // namespace persona::payments

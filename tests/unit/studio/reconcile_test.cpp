// Our books against a provider's list: what is missing on either side is made good by rule or told to an operator.
#include "studio/payments/reconcile.hpp"

#include <fmt/format.h>

#include "studio/payments/give_back.hpp"
#include "studio/payments/stars/refund.hpp"
#include "studio/payments/stars/statement.hpp"
#include "studio/payments/yookassa/refund.hpp"
#include "studio/payments/yookassa/statement.hpp"
#include "support/till_room.hpp"
#include "unit/telegram/bot_api_server.hpp"

namespace persona::payments {
namespace {

namespace json = boost::json;
using telegram::test::BotApiServer;
using test::YookassaServer;
using yookassa::TillRoom;
constexpr postgres::Query topups{"test.topups", "SELECT count(*) FROM transactions WHERE type = 'topup'"};
constexpr postgres::Query notices{"test.notices", "SELECT count(*) FROM notices"};
constexpr postgres::Query seen{"test.seen", "SELECT count(*) FROM reconciliation_seen"};
constexpr postgres::Query back_query{"test.back", "UPDATE charges SET at = at - interval '1 hour'"};
constexpr postgres::Query back_reversals_query{"test.back_reversals", "UPDATE reversals SET at = at - interval '1 hour'"};

std::string counts(const Report& r) {
    return fmt::format("{} paid, {} refunded: {} credited, {} reversed, {} refused, {} missing", r.payments, r.refunds, r.credited, r.reversed,
                       r.refused, r.missing);
}

// Our side an hour older, so that it is not too fresh to be missed.
Task<void> age_books(TillRoom& room) {
    postgres::Work work;
    work.add(back_query);
    work.add(back_reversals_query);
    (void)co_await room.pool.commit(std::move(work), room.soon());
}

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
        (void)co_await reconcile_now(room);
        EXPECT_EQ(co_await room.alerts(), "amount mismatch unknown ") << "told once";
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
        EXPECT_EQ((co_await reconcile_now(room)).missing, 0) << "told once";
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
        const auto give = [&] { return give_back(room.pool, Provider::yookassa, id, yookassa::ask_back(room.client), room.soon()); };
        EXPECT_EQ((co_await give_back(room.pool, Provider::yookassa, "no-such", yookassa::ask_back(room.client), room.soon())).outcome, unknown);
        room.server.faults.assign(3, YookassaServer::Fault::lost);
        EXPECT_EQ((co_await give()).outcome, refused) << "given back there, and we do not know it";
        EXPECT_EQ(co_await room.coins(), "350.00");
        const auto again = co_await give();
        EXPECT_EQ(again.outcome, done);
        EXPECT_EQ(again.amount, 250'00);
        EXPECT_EQ(room.server.refund_count(), 1u) << "the same key";
        EXPECT_EQ((co_await give()).outcome, before);
        EXPECT_EQ(co_await room.coins(), "100.00");
    });
}

// A list of Stars as Telegram has it: payments and refunds of one id, and what is no payment between them.
struct StarsList {
    json::array all;

    json::object add(std::string id, std::int64_t amount, Time at, json::object partner, bool refund = false) {
        json::object out{{"id", id}, {"amount", amount}, {"date", std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count()}};
        out[refund ? "receiver" : "source"] = std::move(partner);
        all.push_back(out);
        return out;
    }
    static json::object person(std::int64_t id, std::string payload) {
        return {{"type", "user"},
                {"transaction_type", "invoice_payment"},
                {"user", json::object{{"id", id}, {"is_bot", false}}},
                {"invoice_payload", payload}};
    }
    void serve(BotApiServer& server) {
        server.always["getStarTransactions"] = [this](const telegram::test::Asked& asked) -> Task<http::Response> {
            json::array page;
            const auto from = static_cast<std::size_t>(asked.params.at("offset").as_int64()),
                       most = static_cast<std::size_t>(asked.params.at("limit").as_int64());
            for (std::size_t i = from; i < all.size() && page.size() < most; ++i) page.push_back(all[i]);
            co_return BotApiServer::ok(json::serialize(json::object{{"transactions", page}}));
        };
    }
};

struct ReconcileStars : yookassa::TillTest {
    static constexpr std::int64_t ann = 5'000'000'001, bob = 5'000'000'002;

    void with_stars(auto body) {
        with([&](TillRoom& room) -> Task<void> {
            BotApiServer server(co_await asio::this_coro::executor);
            StarsList list;
            list.serve(server);
            telegram::Api api(room.http, server.config());
            try {
                co_await body(room, list, server, api);
            } catch (const std::exception& e) { ADD_FAILURE() << e.what(); }
            co_await server.stop();
        });
    }
    static Task<Uuid> place(TillRoom& room) {
        const Order order{.id = Uuid::v7(), .user = TillRoom::ann, .provider = Provider::stars, .coins = Coins::hundredths(100'00), .price = 80};
        postgres::Work work;
        payments::place(work, order, 60);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        co_return order.id;
    }
    static Task<Report> reconcile_now(TillRoom& room, telegram::Api& api) {
        return reconcile(
            room.pool, Provider::stars, [&api](Period period) { return std::make_unique<stars::Statement>(api, period); }, 3, Second::credit,
            room.soon());
    }
};

TEST_F(ReconcileStars, P9_ListsOfAnyLengthAreComparedBothWays) {
    with_stars([](TillRoom& room, StarsList& list, BotApiServer& server, telegram::Api& api) -> Task<void> {
        for (int i = 0; i < 730; ++i) list.add("old" + std::to_string(i), 80, wall_now() - std::chrono::days(30), StarsList::person(ann, "1"));
        const Uuid lost = co_await place(room), twice = co_await place(room), another = co_await place(room);
        list.add("lost", 80, wall_now() - 2h, StarsList::person(ann, lost.text()));
        list.add("first", 80, wall_now() - 2h, StarsList::person(ann, twice.text()));
        list.add("second", 80, wall_now() - 1h, StarsList::person(ann, twice.text()));
        list.add("bobs", 80, wall_now() - 1h, StarsList::person(bob, another.text()));
        list.add("cheap", 79, wall_now() - 1h, StarsList::person(ann, another.text()));
        list.add("odd", 80, wall_now() - 1h, StarsList::person(ann, "not a uuid"));
        list.add("first", 80, wall_now() - 1h, StarsList::person(ann, twice.text()), true);
        list.add("withdrawn", 1000, wall_now() - 1h, {{"type", "fragment"}}, true);
        list.add("gift", 15, wall_now() - 1h, {{"type", "user"}, {"transaction_type", "gift_purchase"}, {"user", json::object{{"id", ann}}}}, true);
        EXPECT_EQ(counts(co_await reconcile_now(room, api)), "6 paid, 1 refunded: 3 credited, 1 reversed, 3 refused, 0 missing");
        EXPECT_EQ(co_await room.coins(), "300.00") << "100, three times 80 Stars for 100 coins, and one of them back";
        EXPECT_LT(server.asked.size(), 25u) << "the start of the period is found by halving";
        EXPECT_EQ(counts(co_await reconcile_now(room, api)), "6 paid, 1 refunded: 0 credited, 0 reversed, 0 refused, 0 missing");
        co_await age_books(room);
        EXPECT_EQ((co_await reconcile_now(room, api)).missing, 0);
    });
}

TEST_F(ReconcileStars, WhatOnlyWeKnowIsAnAlertAndWhatIsOldIsNot) {
    with_stars([](TillRoom& room, StarsList& list, BotApiServer&, telegram::Api& api) -> Task<void> {
        const Uuid order = co_await place(room);
        list.add("of long ago", 80, wall_now() - std::chrono::days(20), StarsList::person(ann, order.text()));
        for (int i = 0; i < 150; ++i) list.add("b" + std::to_string(i), 80, wall_now() - std::chrono::days(10), {{"type", "other"}});
        postgres::Work work;
        for (const char* id : {"of long ago", "invented"})
            credit(work, {.provider = Provider::stars, .id = id, .order = order, .payer = TillRoom::ann, .amount = 80, .currency = "XTR"},
                   Second::credit);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        co_await age_books(room);
        EXPECT_EQ(counts(co_await reconcile_now(room, api)), "0 paid, 0 refunded: 0 credited, 0 reversed, 0 refused, 1 missing");
        EXPECT_EQ(co_await room.alerts(), "missing ");
    });
}

TEST_F(ReconcileStars, WaitsAsTelegramSaysAndGivesUpOnNonsense) {
    with_stars([](TillRoom& room, StarsList&, BotApiServer& server, telegram::Api& api) -> Task<void> {
        server.once["getStarTransactions"].push_back(BotApiServer::refuse(429, "Too Many Requests: retry after 1", 1));
        EXPECT_EQ(counts(co_await reconcile_now(room, api)), "0 paid, 0 refunded: 0 credited, 0 reversed, 0 refused, 0 missing");
        for (const char* nonsense : {"true", "{}", R"({"transactions":[{"id":"x"}]})"}) {
            server.once["getStarTransactions"].push_back(BotApiServer::ok(nonsense));
            bool thrown = false;
            try {
                (void)co_await reconcile_now(room, api);
            } catch (const Unavailable&) { thrown = true; }
            EXPECT_TRUE(thrown) << nonsense;
        }
    });
}

TEST_F(ReconcileStars, P15_GivingBackWhatWentBackIsDone) {
    with_stars([](TillRoom& room, StarsList&, BotApiServer& server, telegram::Api& api) -> Task<void> {
        using enum GivenBack::Outcome;
        const Uuid order = co_await place(room);
        postgres::Work work;
        credit(work, {.provider = Provider::stars, .id = "c1", .order = order, .payer = TillRoom::ann, .amount = 80, .currency = "XTR"},
               Second::credit);
        (void)co_await room.pool.commit(std::move(work), room.soon());
        const auto give = [&] { return give_back(room.pool, Provider::stars, "c1", stars::ask_back(api), room.soon()); };
        server.once["refundStarPayment"].push_back(BotApiServer::refuse(400, "Bad Request: USER_BOT_INVALID"));
        EXPECT_EQ((co_await give()).outcome, refused);
        EXPECT_EQ(co_await room.coins(), "200.00");
        server.once["refundStarPayment"].push_back(BotApiServer::refuse(400, "Bad Request: CHARGE_ALREADY_REFUNDED"));
        EXPECT_EQ((co_await give()).outcome, done);
        EXPECT_EQ(server.asked.back().params.at("user_id"), ann);
        EXPECT_EQ(co_await room.coins(), "100.00");
        EXPECT_EQ((co_await give()).outcome, before);
    });
}

}  // namespace
}  // namespace persona::payments

// Our books against Telegram's list of Stars.
#include "studio/payments/give_back.hpp"
#include "studio/payments/stars/refund.hpp"
#include "studio/payments/stars/statement.hpp"
#include "support/reconcile_room.hpp"
#include "unit/telegram/bot_api_server.hpp"

namespace persona::payments {
namespace {

namespace json = boost::json;
using telegram::test::BotApiServer;
using yookassa::TillRoom;

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
        // What fits no order fits none the next time either; it is told once.
        EXPECT_EQ(counts(co_await reconcile_now(room, api)), "6 paid, 1 refunded: 0 credited, 0 reversed, 3 refused, 0 missing");
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
        const auto give = [&] { return give_back(room.pool, Provider::stars, "c1", stars::ask_back(api), operators_wish(), room.soon()); };
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

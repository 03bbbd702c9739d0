// Notifications as YooKassa sends them, and as it never would.
#include "api/yookassa.hpp"

#include "async/task_group.hpp"
#include "support/till_room.hpp"

namespace persona::api {
namespace {

using yookassa::TillRoom;
using Fault = test::YookassaServer::Fault;
constexpr postgres::Query topups{"test.topups", "SELECT count(*) FROM transactions WHERE type = 'topup'"};
constexpr const char* official = "77.75.153.75";

struct YookassaWebhook : yookassa::TillTest {
    static YookassaSenders senders() { return {*http::Networks::parse(yookassa_networks), *http::Networks::parse("127.0.0.1")}; }

    struct Door {
        explicit Door(TillRoom& room) : door(room.pool, room.till, senders()), route(door.route()) {}
        Task<unsigned> tell(std::string body, std::string from = official, std::string forwarded = "") {
            http::Request request;
            request.remote = std::move(from);
            request.body = std::move(body);
            if (!forwarded.empty()) request.headers.add("X-Forwarded-For", forwarded);
            co_return (co_await route.handler(std::move(request))).status;
        }
        YookassaDoor door;
        http::Route route;
    };
};

TEST_F(YookassaWebhook, P7_KnowsYookassaByItsAddresses) {
    const auto known = senders().trusted;
    for (const char* address : {"77.75.153.75", "77.75.153.0", "77.75.153.127", "77.75.156.11", "77.75.156.35", "77.75.154.128", "185.71.76.31",
                                "185.71.77.1", "2a02:5180:0:1509::1", "2a02:5180:0:2655:ffff::", "2a02:5180:0:1533::5", "2a02:5180:0:2669::"})
        EXPECT_TRUE(known.contains(address)) << address;
    for (const char* address :
         {"77.75.156.36", "77.75.153.128", "77.75.154.127", "185.71.76.32", "2a02:4180:0:1509::1", "2a02:5180:0:1510::1", "127.0.0.1", "::1", ""})
        EXPECT_FALSE(known.contains(address)) << address;
}

TEST_F(YookassaWebhook, P6_FiveNotificationsInParallelAndOutOfOrderAreOneCredit) {
    with([](TillRoom& room) -> Task<void> {
        Door door(room);
        const std::string id = co_await room.offer();
        const std::string early = room.server.notification("payment.waiting_for_capture", id);
        room.server.pay(id);
        const std::string paid = room.server.notification("payment.succeeded", id);
        TaskGroup all(co_await asio::this_coro::executor, "test");
        for (const std::string& body : {paid, paid, early, paid, paid})
            all.spawn("told", [](Door& at, std::string text) -> Task<void> { EXPECT_EQ(co_await at.tell(text), 200u); }(door, body));
        EXPECT_TRUE(co_await all.join(room.soon()));
        EXPECT_EQ(co_await door.tell(early), 200u) << "the hold is told after the payment";
        EXPECT_EQ(co_await room.coins(), "350.00");
        EXPECT_EQ(co_await room.count(topups), 1);
    });
}

TEST_F(YookassaWebhook, P7_NothingOfTheBodyIsBelieved) {
    with([](TillRoom& room) -> Task<void> {
        Door door(room);
        const std::string id = co_await room.offer();
        room.server.pay(id);
        const std::string told = room.server.notification("payment.succeeded", id);
        room.server.payment(id)["status"] = "pending";
        EXPECT_EQ(co_await door.tell(told), 200u);
        EXPECT_EQ(co_await room.coins(), "100.00") << "YooKassa, when asked, says that nobody paid";
        EXPECT_EQ(co_await door.tell(R"({"type":"notification","event":"payment.succeeded","object":{"id":"invented"}})"), 200u);
        EXPECT_EQ(co_await room.alerts(), "unheard ");
        for (const char* body : {"", "{}", "[]", "not json", R"({"type":"notification","event":"payment.succeeded"})"})
            EXPECT_EQ(co_await door.tell(body), 400u) << body;
    });
}

TEST_F(YookassaWebhook, P7_AStrangerIsRefusedAndToldOfOnce) {
    with([](TillRoom& room) -> Task<void> {
        Door door(room);
        const std::string id = co_await room.offer();
        room.server.pay(id);
        const std::string told = room.server.notification("payment.succeeded", id);
        room.server.asked.clear();
        for (const char* from : {"77.75.156.36", "2a02:4180:0:1509::1", "127.0.0.1"}) EXPECT_EQ(co_await door.tell(told, from), 403u) << from;
        EXPECT_EQ(co_await door.tell(told, "9.9.9.9", official), 403u) << "anybody can write X-Forwarded-For";
        EXPECT_EQ(co_await door.tell(told, "127.0.0.1", std::string(official) + ", 9.9.9.9"), 403u);
        EXPECT_TRUE(room.server.asked.empty());
        EXPECT_EQ(co_await room.alerts(), "stranger ");
        EXPECT_EQ(co_await room.coins(), "100.00");
        EXPECT_EQ(co_await door.tell(told, "127.0.0.1", official), 200u) << "behind our own proxy";
        EXPECT_EQ(co_await room.coins(), "350.00");
    });
}

TEST_F(YookassaWebhook, P9_WithoutADatabaseOrYookassaItIsToldAgain) {
    with([](TillRoom& room) -> Task<void> {
        Door door(room);
        const std::string id = co_await room.offer();
        room.server.pay(id);
        const std::string told = room.server.notification("payment.succeeded", id);
        room.server.faults.assign(3, Fault::error);
        EXPECT_EQ(co_await door.tell(told), 503u);
        test::postgres_stop();
        EXPECT_EQ(co_await door.tell(told), 503u);
        test::postgres_start();
        EXPECT_EQ(co_await door.tell(told), 200u) << "and it recovers without a restart";
        EXPECT_EQ(co_await room.coins(), "350.00");
    });
}

TEST_F(YookassaWebhook, TakesWhatIsHeldCancelsWhatIsCanceledAndTakesBackRefunds) {
    terms.capture = false;
    with([](TillRoom& room) -> Task<void> {
        Door door(room);
        const std::string held = co_await room.offer(), gone = co_await room.offer();
        room.server.pay(held);
        EXPECT_EQ(co_await door.tell(room.server.notification("payment.waiting_for_capture", held)), 200u);
        EXPECT_EQ(room.server.payment(held).at("status"), "succeeded");
        EXPECT_EQ(co_await room.coins(), "350.00");
        room.server.abandon(gone);
        EXPECT_EQ(co_await door.tell(room.server.notification("payment.canceled", gone)), 200u);
        EXPECT_EQ((co_await payments::order_of_remote(room.pool, payments::Provider::yookassa, gone, room.soon()))->state,
                  payments::Order::State::cancelled);
        const std::string back = room.server.refund_elsewhere(held, "250.00");
        for (int i = 0; i < 2; ++i) EXPECT_EQ(co_await door.tell(room.server.notification("refund.succeeded", back)), 200u);
        EXPECT_EQ(co_await room.coins(), "100.00");
    });
}

}  // namespace
}  // namespace persona::api

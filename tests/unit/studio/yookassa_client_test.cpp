// The client against a server that behaves like YooKassa: what is asked again, under which key, and what never leaves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/payments/yookassa/client.hpp"
#include "support/run.hpp"
#include "support/yookassa_room.hpp"

namespace persona::yookassa {
namespace {

using test::YookassaServer;
using Fault = YookassaServer::Fault;
using testing::Each;
using testing::Field;

Deadline soon() { return Deadline::after(20s); }
NewPayment asked() { return {Uuid::v7(), 250'00, true, "https://p.example/cabinet/", "250.00"}; }

void with(auto body) {
    run([&]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        YookassaServer server(executor);
        http::Client http(executor);
        Client client(http, test_config(server));
        co_await body(server, client);
        http.close();
        co_await server.stop();
    });
}

TEST(YookassaClient, MakesReadsAndRefundsAPayment) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        const NewPayment wanted = asked();
        const auto made = co_await client.create(wanted, soon());
        EXPECT_TRUE(made) << made.error().text();
        EXPECT_EQ(made->status, Status::pending);
        EXPECT_EQ(made->order, wanted.order);
        EXPECT_THAT(made->url, testing::StartsWith("https://yoomoney.example/"));
        EXPECT_EQ(server.asked[0].key, wanted.order.text());
        EXPECT_EQ(server.asked[0].authorization, "Basic MTAwNTAwOnRlc3Rfc2VjcmV0X2tleQ==");  // 100500:test_secret_key
        server.pay(made->id);
        EXPECT_EQ((co_await client.payment(made->id, soon()))->status, Status::succeeded);
        const auto back = co_await client.refund(made->id, {100'00, "RUB"}, Uuid::v7(), soon());
        EXPECT_EQ(back->status, Status::succeeded);
        EXPECT_EQ((co_await client.refund(back->id, soon()))->amount.kopecks, 100'00);
        const auto more = co_await client.refund(made->id, {200'00, "RUB"}, Uuid::v7(), soon());
        EXPECT_EQ(more.error().kind, Trouble::Kind::refused);
        EXPECT_EQ(more.error().text(), "400 invalid_request (amount)") << "and nothing of what was said for people";
    });
}

TEST(YookassaClient, CapturesWhatWaits) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        NewPayment wanted = asked();
        wanted.capture = false;
        const auto made = co_await client.create(wanted, soon());
        server.pay(made->id);
        server.faults = {Fault::lost};
        EXPECT_EQ((co_await client.capture(made->id, made->amount, soon()))->status, Status::succeeded);
    });
}

// P9: whatever happens between YooKassa's act and our knowing of it, there is one payment.
TEST(YookassaClient, P9_AnUnknownOutcomeIsAskedForUnderTheSameKey) {
    for (const Fault fault : {Fault::error, Fault::lost, Fault::hang, Fault::busy, Fault::at_it}) {
        with([fault](YookassaServer& server, Client& client) -> Task<void> {
            server.faults = {fault, fault};
            const NewPayment wanted = asked();
            const auto made = co_await client.create(wanted, soon());
            EXPECT_TRUE(made) << made.error().text();
            EXPECT_EQ(server.asked.size(), 3u);
            EXPECT_THAT(server.asked, Each(Field(&YookassaServer::Asked::key, wanted.order.text())));
            EXPECT_EQ(server.payment_ids().size(), 1u);
        });
    }
}

TEST(YookassaClient, GivesUpInTheEndAndSaysWhatMayHaveHappened) {
    struct Case {
        Fault fault;
        Trouble::Kind kind;
        std::size_t tries;
    };
    for (const Case c :
         {Case{Fault::error, Trouble::Kind::later, 3}, Case{Fault::hang, Trouble::Kind::later, 3}, Case{Fault::nonsense, Trouble::Kind::later, 1},
          Case{Fault::refused, Trouble::Kind::refused, 1}, Case{Fault::stranger, Trouble::Kind::unauthorized, 1}}) {
        with([c](YookassaServer& server, Client& client) -> Task<void> {
            server.faults.assign(10, c.fault);
            const auto made = co_await client.create(asked(), soon());
            EXPECT_EQ(made.error().kind, c.kind);
            EXPECT_EQ(server.asked.size(), c.tries);
            EXPECT_THAT(made.error().text(), testing::Not(testing::HasSubstr("secret")));
        });
    }
}

TEST(YookassaClient, ASameKeyWithAnotherBodyIsRefused) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        NewPayment wanted = asked();
        EXPECT_TRUE(co_await client.create(wanted, soon()));
        wanted.kopecks += 1;
        EXPECT_EQ((co_await client.create(wanted, soon())).error().kind, Trouble::Kind::refused);
        EXPECT_EQ(server.payment_ids().size(), 1u);
    });
}

TEST(YookassaClient, LeavesAServerThatFailsAlone) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        server.faults.assign(10, Fault::stranger);
        EXPECT_EQ((co_await client.payment("p", soon())).error().kind, Trouble::Kind::unauthorized);
        EXPECT_EQ((co_await client.payment("p", soon())).error().kind, Trouble::Kind::later);
        EXPECT_EQ(server.asked.size(), 1u) << "a wrong key does not heal within seconds";
    });
}

TEST(YookassaClient, ListsByPagesOfAWindow) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        for (int i = 0; i < 5; ++i) (void)server.foreign_payment("10.00", {});
        std::vector<std::string> seen;
        std::string cursor;
        do {
            const auto page = co_await client.payments({wall_now() - 1h, wall_now() + 1h}, cursor, soon());
            for (const auto& one : page->items) seen.push_back(one.id);
            cursor = page->next;
        } while (!cursor.empty());
        EXPECT_THAT(seen, testing::ElementsAreArray(server.payment_ids().rbegin(), server.payment_ids().rend()));
        EXPECT_TRUE((co_await client.payments({wall_now() - 2h, wall_now() - 1h}, "", soon()))->items.empty());
        EXPECT_TRUE((co_await client.refunds({wall_now() - 1h, wall_now()}, "", soon()))->items.empty());
    });
}

TEST(YookassaClient, EndsByTheDeadline) {
    with([](YookassaServer& server, Client& client) -> Task<void> {
        server.faults.assign(10, Fault::hang);
        EXPECT_EQ((co_await client.payment("p", Deadline::after(50ms))).error().kind, Trouble::Kind::later);
    });
}

TEST(YookassaClient, AnAddressIsTakenWithOrWithoutItsVersion) {
    EXPECT_EQ(base_of("https://api.yookassa.ru/v3/"), "https://api.yookassa.ru/v3");
    EXPECT_EQ(base_of("http://127.0.0.1:9000"), "http://127.0.0.1:9000/v3");
    EXPECT_EQ(base_of("http://[::1]:9000/v3"), "http://[::1]:9000/v3");
    EXPECT_THROW(base_of("http://api.yookassa.ru/v3"), BadConfig);
}

}  // namespace
}  // namespace persona::yookassa

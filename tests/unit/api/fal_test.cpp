// Webhooks as fal.ai sends them, and as it never would.
#include "api/fal.hpp"

#include <gmock/gmock.h>

#include "base/error.hpp"
#include "support/fal_server.hpp"
#include "support/fal_thread.hpp"
#include "support/run.hpp"

namespace persona::api {
namespace {

using test::FalServer;
using Fault = FalServer::Fault;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string id = "764cabcf-b745-4b3e-ae38-1200304cf45b";

// Our server with the route, fal.ai's, and an owner who writes down what it is told.
struct Porch {
    explicit Porch(Executor executor)
        : fal(executor),
          http(executor),
          keys(executor, http, {.url = fal.jwks_url()}),
          door(keys, *http::Networks::parse("127.0.0.1"), owner()),
          router({door.route()}),
          server(executor, {.body_limit = [this](const http::Request& head) { return router.body_limit(head, 4096); }},
                 [this](http::Request request) { return router(std::move(request)); }) {}

    FalOwner owner() {
        return {.told = [this](FalEvent event) -> Task<FalVerdict> {
                    events.push_back(std::move(event));
                    if (database_down) throw Unavailable("PostgreSQL");
                    co_return verdict;
                },
                .refused = [this](std::string_view reason, std::string address, std::string request) -> Task<void> {
                    refusals.push_back(std::string(reason) + " " + address + " " + request);
                    if (database_down) throw Unavailable("PostgreSQL");
                    co_return;
                }};
    }
    std::string url(std::string_view query = "?order=7") const { return fmt::format("http://127.0.0.1:{}/fal/webhook{}", server.port(), query); }
    Task<std::vector<unsigned>> tell(FalServer::Delivery how = {}, std::string query = "?order=7", std::string status = "OK") {
        return fal.deliver(url(query), id, std::move(status), FalServer::finetune("f-1"), std::move(how));
    }
    // A body of the test's own, with headers that fit it.
    Task<unsigned> post(std::string body, http::Headers headers, std::string forwarded = "") {
        http::Call call{.method = "POST", .url = url(), .headers = std::move(headers), .body = std::move(body)};
        if (!forwarded.empty()) call.headers.add("X-Forwarded-For", forwarded);
        const auto reply = co_await http.send(std::move(call), Deadline::after(10s));
        co_return reply ? reply->status : 0;
    }
    Task<unsigned> post_signed(std::string body) {
        const auto headers = fal.signed_headers(id, body);
        return post(std::move(body), headers);
    }

    FalVerdict verdict = FalVerdict::accepted;
    bool database_down = false;
    std::vector<FalEvent> events;
    std::vector<std::string> refusals;
    FalServer fal;
    http::Client http;
    ai::fal::Keys keys;
    FalDoor door;
    http::Router router;
    http::Server server;
};

void with(std::function<Task<void>(Porch&)> body) {
    run([&]() -> Task<void> {
        Porch porch(co_await asio::this_coro::executor);
        co_await within(Deadline::after(30s), "a test", body(porch));
        porch.http.close();
        co_await porch.fal.stop();
        co_await porch.server.stop(Deadline::after(0ms));
    });
}

TEST(FalWebhook, A27_ASignedOneIsHandedOverEachTimeItIsTold) {
    with([](Porch& porch) -> Task<void> {
        EXPECT_THAT(co_await porch.tell({.times = 10}), testing::AllOf(testing::SizeIs(10), Each(200u)));
        EXPECT_EQ(porch.events.size(), 10u);
        const FalEvent& event = porch.events.at(0);
        EXPECT_EQ(event.request_id, id);
        EXPECT_EQ(event.order, "7");
        EXPECT_EQ(event.status, "OK");
        EXPECT_EQ(event.body, FalServer::told(id, "OK", FalServer::finetune("f-1")));
        EXPECT_EQ(porch.fal.keys_asked, 1);
        EXPECT_THAT(co_await porch.tell({}, "", "ERROR"), ElementsAre(200u));
        EXPECT_EQ(porch.events.back().order, "");
        EXPECT_EQ(porch.events.back().status, "ERROR");
        EXPECT_THAT(porch.refusals, IsEmpty());
    });
}

TEST(FalWebhook, A28_WithoutAValidSignatureNothingIsHandedOver) {
    with([](Porch& porch) -> Task<void> {
        EXPECT_THAT(co_await porch.tell({.bad_signature = true}), ElementsAre(403u));
        EXPECT_THAT(co_await porch.tell({.without_signature = true}), ElementsAre(403u));
        EXPECT_THAT(co_await porch.tell({.age = 310s}), ElementsAre(403u));
        EXPECT_THAT(co_await porch.tell({.age = -310s}), ElementsAre(403u));
        EXPECT_EQ(co_await porch.post("{}", {}, "9.9.9.9"), 403u);
        EXPECT_THAT(porch.events, IsEmpty());
        EXPECT_THAT(porch.refusals, ElementsAre("unsigned 127.0.0.1 " + id, "unsigned 127.0.0.1 " + id, "stale 127.0.0.1 " + id,
                                                "stale 127.0.0.1 " + id, "unsigned 9.9.9.9 "));
    });
}

TEST(FalWebhook, A28_IdsThatLeaveTheirPathAreRefused) {
    with([](Porch& porch) -> Task<void> {
        for (const char* claimed : {"../../etc/passwd", "a/b", "a..b"})
            EXPECT_THAT(co_await porch.tell({.claimed = claimed}), ElementsAre(400u)) << claimed;
        EXPECT_THAT(porch.refusals, Each("malformed 127.0.0.1 ")) << "what has not the form of an id is written down nowhere";
        for (const char* query : {"?order=../7", "?order=7%2F8", "?order=%00"})
            EXPECT_THAT(co_await porch.tell({}, query), ElementsAre(400u)) << query;
        EXPECT_THAT(co_await porch.tell({}, "?order=" + std::string(65, '7')), ElementsAre(400u));
        EXPECT_EQ(co_await porch.post_signed(R"({"request_id":"../x","status":"OK"})"), 400u) << "of the body too";
        EXPECT_THAT(porch.events, IsEmpty());
    });
}

TEST(FalWebhook, A28_AnotherRequestThanTheSignedOneIsNotMeant) {
    with([](Porch& porch) -> Task<void> {
        EXPECT_THAT(co_await porch.tell({.claimed = "another"}), ElementsAre(400u));
        EXPECT_EQ(co_await porch.post_signed(R"({"request_id":"first","gateway_request_id":")" + id + R"(","status":"OK","payload":{}})"), 200u)
            << "fal.ai's last try has an id of its own";
        EXPECT_EQ(porch.events.size(), 1u);
        EXPECT_EQ(porch.events.back().request_id, "first");
    });
}

TEST(FalWebhook, A28_WhatTheOwnerDoesNotKnowIsRefusedAndWrittenDown) {
    with([](Porch& porch) -> Task<void> {
        porch.verdict = FalVerdict::unknown;
        EXPECT_THAT(co_await porch.tell(), ElementsAre(404u));
        porch.verdict = FalVerdict::refused;
        EXPECT_THAT(co_await porch.tell(), ElementsAre(403u));
        EXPECT_THAT(porch.refusals, ElementsAre("unknown 127.0.0.1 " + id, "refused 127.0.0.1 " + id));
    });
}

TEST(FalWebhook, A31_AWordThatNobodyKnowsReachesTheOwner) {
    with([](Porch& porch) -> Task<void> {
        EXPECT_THAT(co_await porch.tell({}, "", "READY"), ElementsAre(200u));
        EXPECT_EQ(porch.events.at(0).status, "READY");
    });
}

TEST(FalWebhook, WithoutADatabaseOrKeysItIsToldAgain) {
    with([](Porch& porch) -> Task<void> {
        porch.database_down = true;
        EXPECT_THAT(co_await porch.tell(), ElementsAre(503u));
        EXPECT_THAT(co_await porch.tell({.bad_signature = true}), ElementsAre(403u)) << "refused all the same";
        porch.database_down = false;
        EXPECT_THAT(co_await porch.tell(), ElementsAre(200u)) << "and it recovers without a restart";
    });
    with([](Porch& porch) -> Task<void> {
        porch.fal.files_faults = {Fault::error};
        EXPECT_THAT(co_await porch.tell(), ElementsAre(503u));
        EXPECT_THAT(porch.events, IsEmpty());
        EXPECT_THAT(porch.refusals, IsEmpty()) << "nobody was found to be a stranger";
    });
}

TEST(FalWebhook, BodiesAreBoundedAndOfTheForm) {
    with([](Porch& porch) -> Task<void> {
        for (const char* body : {"", "[]", "not json", "{}", R"({"request_id":7,"status":"OK"})"})
            EXPECT_EQ(co_await porch.post_signed(body), 400u) << body;
        const std::string large = R"({"request_id":")" + id + R"(","status":"OK","payload":")" + std::string(1'000'000, 'x') + "\"}";
        EXPECT_EQ(co_await porch.post_signed(large), 200u);
        EXPECT_EQ(co_await porch.post_signed(large + std::string(100'000, ' ')), 413u);
        EXPECT_EQ(porch.events.size(), 1u);
    });
}

TEST(FalWebhook, AStrangerCannotFillTheBook) {
    with([](Porch& porch) -> Task<void> {
        EXPECT_THAT(co_await porch.tell({.bad_signature = true, .times = 50}), Each(403u));
        EXPECT_EQ(porch.refusals.size(), 30u);
        EXPECT_EQ(porch.fal.keys_asked, 1);
    });
}

TEST(FalThread, DeliversFromAThreadOfItsOwn) {
    test::FalThread fal;
    const std::string base = fal.with([](FalServer& server) { return server.base(); });
    EXPECT_THAT(fal.deliver(base + "/nowhere", id, "OK", nullptr, {.times = 2}), ElementsAre(404u, 404u));
}

}  // namespace
}  // namespace persona::api

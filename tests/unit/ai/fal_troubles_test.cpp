// fal.ai on bad days: what is asked again, what is not, and what strangers send in its name.
#include <gmock/gmock.h>

#include "fal_darkroom.hpp"

namespace persona::ai {
namespace {

namespace json = boost::json;
using test::FalServer;
using Fault = FalServer::Fault;
using Reason = PortraitError::Reason;
using testing::HasSubstr;
using testing::Not;
using namespace darkroom;

TEST(FalTroubles, HostileImagesAreLeftOut) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        room.server.files["script.jpg"] = "<script>";
        room.server.files["huge.jpg"] = jpeg_file() + std::string(25 << 20, 'x');
        const auto told = [&](json::value payload) { return engine.painted(FalServer::told("r-1", "OK", std::move(payload)), soon()); };
        EXPECT_EQ((co_await told(room.server.images({"script.jpg", "1.jpg", "huge.jpg", "gone.jpg"})))->size(), 1u);
        EXPECT_EQ((co_await told(room.server.images({"script.jpg"}))).error().reason, Reason::refused);
        json::object black = room.server.images({"1.jpg"});
        black["has_nsfw_concepts"] = json::array{true};
        EXPECT_EQ((co_await told(black)).error().detail, "fal.ai withheld the images");
        for (const char* url : {"http://10.0.0.1/1.jpg", "http://127.0.0.1.evil.example/1.jpg"}) {
            const json::object far{{"images", json::array{json::object{{"url", url}}}}};
            EXPECT_EQ((co_await told(far)).error().reason, Reason::refused) << url;
        }
        EXPECT_EQ((co_await told(json::object{{"images", "?"}})).error().reason, Reason::unknown_status);
        room.server.files_faults.assign(3, Fault::busy);
        EXPECT_EQ((co_await told(room.server.images({"1.jpg"}))).error().reason, Reason::unreachable) << "it may come later";
    });
}

TEST(FalTroubles, A25_ATroubledServerIsAskedAgain) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        room.server.faults = {Fault::error, Fault::none, Fault::slower, Fault::none, Fault::none, Fault::slower, Fault::busy};
        const std::string request = co_await begun(engine);
        EXPECT_EQ(room.server.ids().size(), 1u) << "429 and 503 say that it was not taken";
        room.server.complete(request, FalServer::finetune("f-7"));
        room.server.faults = {Fault::error, Fault::gateway, Fault::none, Fault::nonsense, Fault::busy};
        const auto first = co_await engine.training(request, soon());
        EXPECT_EQ(first.error().reason, Reason::unknown_status) << "a result of another form: nothing is concluded";
        EXPECT_EQ(std::get<Trained>(*co_await engine.training(request, soon())).model, "f-7");
        room.server.faults.assign(3, Fault::error);
        EXPECT_EQ((co_await engine.training(request, soon())).error().reason, Reason::unreachable);
        EXPECT_TRUE(co_await engine.training(request, soon())) << "recovers";
    });
}

TEST(FalTroubles, A24_ASubmitThatMayHaveBeenTakenIsNotMadeAgain) {
    for (const Fault fault : {Fault::lost, Fault::gateway, Fault::hang, Fault::nonsense})
        with([fault](Darkroom& room) -> Task<void> {
            room.config.try_time = 300ms;
            auto engine = room.engine();
            room.server.faults = {Fault::none, Fault::none, fault};
            const auto begun = co_await engine.train(lesson(), soon());
            EXPECT_EQ(begun.error().reason, Reason::uncertain) << static_cast<int>(fault) << begun.error().detail;
            EXPECT_EQ(room.server.ids().size(), 1u);
            EXPECT_EQ(room.calls("POST", "/queue/"), 1u);
        });
}

TEST(FalTroubles, A25_AServerErrorOfASubmitIsTheCallersToRepeat) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        room.server.faults = {Fault::none, Fault::none, Fault::error};
        EXPECT_EQ((co_await engine.train(lesson(), soon())).error().reason, Reason::unreachable);
        EXPECT_EQ(room.calls("POST", "/queue/"), 1u);
        room.server.faults = {Fault::none, Fault::none, Fault::busy, Fault::busy, Fault::busy};
        EXPECT_EQ((co_await engine.train(lesson(), soon())).error().reason, Reason::unreachable);
        EXPECT_EQ(room.calls("POST", "/queue/"), 4u);
    });
}

TEST(FalTroubles, A25_NobodyThereIsSafeToTryAgain) {
    with([](Darkroom& room) -> Task<void> {
        room.config.queue_url = "http://127.0.0.1:1";
        auto engine = room.engine();
        EXPECT_EQ((co_await engine.paint(picture(), soon())).error().reason, Reason::unreachable);
    });
}

TEST(FalTroubles, A25_WhatDoesNotPassIsToldApart) {
    struct Case {
        Fault fault;
        Reason reason;
    };
    for (const Case& c : {Case{Fault::refused, Reason::refused}, {Fault::locked, Reason::quota}, {Fault::stranger, Reason::quota}})
        with([&c](Darkroom& room) -> Task<void> {
            auto engine = room.engine();
            room.server.faults = {c.fault};
            EXPECT_EQ((co_await engine.train(lesson(), soon())).error().reason, c.reason) << "storage";
            EXPECT_EQ(room.server.asked.size(), 1u);
            auto other = room.engine();
            room.server.faults = {c.fault};
            EXPECT_EQ((co_await other.paint(picture(), soon())).error().reason, c.reason) << "queue";
            EXPECT_EQ(room.server.asked.size(), 2u) << "is not asked again";
        });
}

TEST(FalTroubles, A25_ARequestThatFailedHasAReason) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun(engine), image = co_await begun_painting(engine);
        room.server.fail(request, "image_too_small");
        const auto small = co_await engine.training(request, soon());
        EXPECT_EQ(small.error().reason, Reason::photos);
        EXPECT_EQ(small.error().detail, "422 image_too_small") << "and nothing of what was said for people";
        room.server.fail(request, "internal_server_error", 500);
        EXPECT_EQ((co_await engine.training(request, soon())).error().reason, Reason::refused);
        EXPECT_EQ(room.calls("GET", "/requests/" + request), 2u + 3u) << "an error of the server's is heard twice";
        room.server.fail(image, "content_policy_violation");
        EXPECT_EQ((co_await engine.painting(image, soon())).error().reason, Reason::refused);
        const auto told = FalServer::told(request, "ERROR", room.server.request(request).result, "Invalid status code: 500");
        EXPECT_EQ((co_await engine.trained(told, soon())).error().reason, Reason::refused);
        for (const char* word : {"FAILED", "CANCELLED"}) {
            room.server.complete(request, FalServer::finetune("f-7"));
            room.server.say(request, word);
            EXPECT_EQ((co_await engine.training(request, soon())).error().reason, Reason::refused) << word;
        }
        room.server.complete(request, FalServer::finetune("f-7"));
        room.server.request(request).error = "Invalid status code: 500";
        EXPECT_EQ((co_await engine.training(request, soon())).error().reason, Reason::refused) << "by its status";
        EXPECT_EQ((co_await engine.training("r-unknown", soon())).error().reason, Reason::refused);
    });
}

TEST(FalTroubles, A31_AnUnknownWordConcludesNothing) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun(engine);
        room.server.complete(request, FalServer::finetune("f-7"));
        room.server.say(request, "READY");
        const auto training = co_await engine.training(request, soon());
        EXPECT_EQ(training.error().reason, Reason::unknown_status);
        EXPECT_EQ(training.error().detail, "fal.ai says READY");
        const std::string told = FalServer::told(request, "DONE", FalServer::finetune("f-7"));
        EXPECT_EQ((co_await engine.trained(told, soon())).error().reason, Reason::unknown_status);
        for (const char* broken : {"", "[]", "{}", R"({"request_id":"r-1","status":"OK","payload":{"finetune_id":"../"}})"})
            EXPECT_EQ((co_await engine.trained(broken, soon())).error().reason, Reason::unknown_status) << broken;
    });
}

TEST(FalTroubles, AnUploadWhosePutFailsGetsANewPlace) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        room.server.faults = {Fault::none, Fault::gateway};
        (void)co_await begun(engine);
        EXPECT_EQ(room.calls("POST", "initiate"), 2u);
        EXPECT_EQ(room.server.ids().size(), 1u);
    });
}

TEST(FalTroubles, TheKeyIsInNoErrorAndNoLog) {
    testing::internal::CaptureStderr();
    std::string told;
    with([&](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        for (const Fault fault : {Fault::stranger, Fault::locked, Fault::refused, Fault::hang, Fault::lost, Fault::gateway}) {
            room.config.try_time = 100ms;
            auto one = room.engine();
            room.server.faults = {fault};
            told += (co_await one.paint(picture(), soon())).error().detail + "\n";
        }
        for (const auto& call : room.server.asked) EXPECT_THAT(call.path, Not(HasSubstr(key)));
    });
    const std::string all = told + testing::internal::GetCapturedStderr();
    for (const std::string& secret : {key, std::string("secret"), std::string("order=7"), std::string("TOK")})
        EXPECT_THAT(all, Not(HasSubstr(secret)));
    EXPECT_THAT(all, HasSubstr("403"));
}

}  // namespace
}  // namespace persona::ai

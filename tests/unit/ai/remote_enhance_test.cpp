// Enhancement by a server, on one that behaves well, badly, and like an enemy.
#include <gmock/gmock.h>

#include "async/task_group.hpp"
#include "bad_photos.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "enhance_server.hpp"
#include "support/run.hpp"

namespace persona::ai {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

struct Darkroom {
    explicit Darkroom(Executor executor) : server(executor), http(executor) {}
    RemoteEnhance engine() { return RemoteEnhance(http, cpu, reader(), config.value_or(server.config())); }
    EnhanceServer server;
    http::Client http;
    CpuPool cpu{1};
    std::optional<RemoteEnhanceConfig> config;
};

void with(std::function<Task<void>(Darkroom&)> body) {
    run([&]() -> Task<void> {
        Darkroom room(co_await asio::this_coro::executor);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(30s), "a test", body(room));
        } catch (...) { error = std::current_exception(); }
        co_await room.server.stop();
        room.http.close();
        if (error) std::rethrow_exception(error);
    });
}

Deadline soon() { return Deadline::after(20s); }
Picture small() { return sized(good_photo(), 120, 90); }
std::string jpeg(int width, int height) { return media::jpeg_of(sized(good_photo(), width, height)); }

TEST(RemoteEnhance, A41_SendsThePhotoAndTakesABetterOne) {
    with([](Darkroom& room) -> Task<void> {
        const auto engine = room.engine();
        EXPECT_EQ(engine.name(), "remote");
        room.server.once.push_back(EnhanceServer::gives(jpeg(240, 180)));
        const auto out = co_await engine.enhance(small(), her_face(), soon());
        EXPECT_EQ(out->width, 240);
        EXPECT_EQ(out->height, 180);
        EXPECT_GT(psnr(*out, sized(good_photo(), 240, 180)), 30);
        const auto& asked = room.server.asked.at(0);
        EXPECT_EQ(asked.authorization, "Bearer " + enhance_key);
        EXPECT_EQ(asked.parts.size(), 1u);
        EXPECT_EQ(asked.type, "image/jpeg");
        EXPECT_EQ(asked.file_name, "photo.jpg");
        const auto sent = reader().read_bytes(asked.parts.at("image"), {}, {});
        EXPECT_GT(psnr(sent->picture, small()), 33);
    });
}

TEST(RemoteEnhance, ALargeAnswerIsReadAtTwiceTheSize) {
    with([](Darkroom& room) -> Task<void> {
        const auto engine = room.engine();
        room.server.once.push_back(EnhanceServer::gives(jpeg(480, 360)));
        EXPECT_EQ((co_await engine.enhance(small(), {}, soon()))->width, 240);
        EXPECT_EQ((co_await engine.enhance(small(), {}, soon()))->width, 120) << "and one of the same size as it is";
    });
}

TEST(RemoteEnhance, ATroubledServerIsAskedAgain) {
    with([](Darkroom& room) -> Task<void> {
        const auto engine = room.engine();
        for (const unsigned status : {500u, 503u, 408u, 429u}) {
            room.server.once.push_back(http::Response::empty(status));
            EXPECT_TRUE(co_await engine.enhance(small(), {}, soon())) << status;
        }
        EXPECT_EQ(room.server.asked.size(), 8u);
    });
}

TEST(RemoteEnhance, ARefusalIsNotRepeated) {
    with([](Darkroom& room) -> Task<void> {
        const auto engine = room.engine();
        std::size_t calls = 1;
        room.server.once.push_back(EnhanceServer::gives(R"( {"error":"no face found"})", "application/json"));
        const auto out = co_await engine.enhance(small(), {}, soon());
        EXPECT_FALSE(out.error().passes);
        EXPECT_THAT(out.error().detail, HasSubstr("no face found"));
        for (const unsigned status : {400u, 404u, 413u, 401u}) {
            room.server.once.push_back(http::Response::empty(status));
            EXPECT_FALSE((co_await engine.enhance(small(), {}, soon())).error().passes) << status;
            EXPECT_EQ(room.server.asked.size(), ++calls) << status;
        }
    });
}

// Nothing of a server's is believed: each of these costs bounded time and memory, and is no picture in the end.
TEST(RemoteEnhance, AHostileAnswerIsNoPicture) {
    const std::string whole = jpeg(240, 180);
    std::string bomb = whole;  // announces 65,500 x 65,500 pixels
    for (std::size_t i = 0; i + 9 < bomb.size(); ++i)
        if (bomb[i] == '\xff' && bomb[i + 1] == '\xc0') bomb.replace(i + 5, 4, "\xff\xdc\xff\xdc");
    const std::pair<const char*, std::string> answers[] = {
        {"a page", "<html><body>502</body></html>"},
        {"nothing", ""},
        {"cut off", whole.substr(0, whole.size() / 4)},
        {"no picture in a picture's clothes", whole.substr(0, 20) + std::string(5000, 'x')},
        {"a bomb", bomb},
        {"a thumbnail", jpeg(60, 45)},
        {"one pixel less", jpeg(119, 90)},
        {"a wall", jpeg(600, 450)},
        {"another frame", jpeg(180, 180)},
        {"turned", jpeg(180, 240)},
        {"a JSON of no error", R"({"image":"aGVsbG8="})"},
        {"half a JSON", "{"},
        {"a deep JSON", std::string(30'000, '{')},
    };
    for (const auto& [what, body] : answers)
        with([&](Darkroom& room) -> Task<void> {
            const auto engine = room.engine();
            room.server.always = [&](const auto&) -> Task<http::Response> { co_return EnhanceServer::gives(body); };
            const auto out = co_await engine.enhance(small(), {}, soon());
            EXPECT_FALSE(out) << what;
            if (!out) EXPECT_TRUE(out.error().passes) << what;
            EXPECT_EQ(room.server.asked.size(), 3u) << what;
        });
}

TEST(RemoteEnhance, AnEndlessAnswerIsCut) {
    with([](Darkroom& room) -> Task<void> {
        room.config = room.server.config();
        room.config->tries.tries = 1;
        const auto engine = room.engine();
        room.server.once.push_back(EnhanceServer::gives(std::string(49 << 20, 'x')));
        EXPECT_FALSE(co_await engine.enhance(small(), {}, soon()));
    });
}

TEST(RemoteEnhance, AServerThatSaysNothingIsGivenUpInTime) {
    with([](Darkroom& room) -> Task<void> {
        room.config = room.server.config();
        room.config->patience = 20ms;
        const auto engine = room.engine();
        room.server.always = [](const auto&) -> Task<http::Response> {
            co_await pause(1h);
            co_return http::Response::empty(200);
        };
        const auto out = co_await engine.enhance(small(), {}, soon());
        EXPECT_TRUE(out.error().passes);
        EXPECT_EQ(room.server.asked.size(), 3u);
    });
}

TEST(RemoteEnhance, AServerThatFailsForGoodIsLeftAlone) {
    with([](Darkroom& room) -> Task<void> {
        room.config = room.server.config();
        room.config->tries.circuit = {.failures = 3, .first_rest = 1h};
        const auto engine = room.engine();
        room.server.always = [](const auto&) -> Task<http::Response> { co_return http::Response::empty(500); };
        for (int i = 0; i < 2; ++i) EXPECT_TRUE((co_await engine.enhance(small(), {}, soon())).error().passes);
        EXPECT_EQ(room.server.asked.size(), 3u);
    });
}

TEST(RemoteEnhance, TheAddressIsHttpsOrThisMachine) {
    with([](Darkroom& room) -> Task<void> {
        for (const char* url : {"http://example.org/enhance", "ftp://127.0.0.1/", "", "http://127.0.0.1.example.org/"}) {
            room.config = RemoteEnhanceConfig{.url = url};
            try {
                room.engine();
                ADD_FAILURE() << url;
            } catch (const BadConfig& e) { EXPECT_THAT(e.what(), HasSubstr("PERSONA_ENHANCE_URL")); }
        }
        room.config = RemoteEnhanceConfig{.url = "https://example.org/enhance"};
        room.engine();
        co_return;
    });
}

TEST(RemoteEnhance, TheKeyIsInNoErrorAndNoLog) {
    testing::internal::CaptureStderr();
    std::string told;
    with([&](Darkroom& room) -> Task<void> {
        const auto engine = room.engine();
        room.server.once.push_back(http::Response::json(R"({"error":{"code":")" + enhance_key + R"("}})", 500));
        room.server.always = [](const auto& call) -> Task<http::Response> {
            co_return EnhanceServer::gives(R"({"error":"key )" + call.authorization + R"("})", "application/json");
        };
        told = (co_await engine.enhance(small(), {}, soon())).error().detail;
    });
    EXPECT_THAT(told + testing::internal::GetCapturedStderr(), testing::AllOf(Not(HasSubstr(enhance_key)), HasSubstr("500")));
}

}  // namespace
}  // namespace persona::ai

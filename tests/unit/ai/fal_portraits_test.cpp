// Portraits by fal.ai, on a server that behaves like it on good days and bad.
#include <gmock/gmock.h>
#include <zip.h>

#include <fstream>

#include "ai/remote/fal/portraits.hpp"
#include "support/fal_server.hpp"
#include "support/places.hpp"
#include "support/run.hpp"

namespace persona::ai {
namespace {

namespace json = boost::json;
using test::FalServer;
using Fault = FalServer::Fault;
using Reason = PortraitError::Reason;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string key = "fal-test-key:0123456789abcdef";
const std::string webhook = "https://p.example/fal/webhook?order=7&x=1";

Deadline soon() { return Deadline::after(20s); }

std::string jpeg_file() {
    std::ifstream file(places::data() / "media/picture.jpg", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

// In the decoder's place: what begins like a JPEG is one.
std::optional<std::string> repainted(std::string_view bytes, std::stop_token) {
    return bytes.starts_with("\xff\xd8\xff") ? std::optional("ours:" + std::string(bytes)) : std::nullopt;
}

struct Darkroom {
    explicit Darkroom(Executor executor) : server(executor), http(executor) {
        server.files["1.jpg"] = server.files["2.jpg"] = jpeg_file();
        config = {.key = Secret(key),
                  .queue_url = server.queue_url(),
                  .rest_url = server.rest_url(),
                  .try_time = 2s,
                  .upload_time = 2s,
                  .tries = {.tries = 3, .first_wait = 1ms, .most_wait = 2ms, .circuit = {.failures = 50}}};
    }
    void use_loras() {
        config.training = "fal-ai/flux-lora-portrait-trainer";
        config.image = "fal-ai/flux-lora";
    }
    FalPortraits engine() { return {http, pool, repainted, config}; }
    std::size_t calls(std::string_view method, std::string_view part) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(server.asked, [&](const auto& call) { return call.method == method && call.path.contains(part); }));
    }

    FalServer server;
    http::Client http;
    CpuPool pool{1};
    fal::Config config;
};

void with(std::function<Task<void>(Darkroom&)> body) {
    run([&]() -> Task<void> {
        Darkroom room(co_await asio::this_coro::executor);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(30s), "a test", body(room));
        } catch (...) { error = std::current_exception(); }
        room.http.close();
        co_await room.server.stop();
        if (error) std::rethrow_exception(error);
    });
}

TrainingPhoto photo(std::string bytes) {
    return {.jpeg = [bytes]() -> Task<std::string> { co_return bytes; }};
}
TrainingOrder lesson() {
    return {
        .id = Uuid::v7(), .gender = Gender::female, .comment = "user_id=7;avatar_id=9", .webhook = webhook, .photos = {photo("one"), photo("two")}};
}
ImageOrder picture(std::string model = "f-1") {
    return {
        .id = Uuid::v7(), .model = {std::move(model), {}}, .gender = Gender::male, .style = Style::oil, .count = 2, .seed = 42, .webhook = webhook};
}

Task<std::string> begun(FalPortraits& engine) { co_return std::get<Pending>(*co_await engine.train(lesson(), soon())).request; }
Task<std::string> begun_painting(FalPortraits& engine) { co_return std::get<Pending>(*co_await engine.paint(picture(), soon())).request; }

std::map<std::string, std::string> unzipped(const std::string& bytes) {
    std::map<std::string, std::string> out;
    zip_error_t error;
    zip_t* archive = zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
    for (zip_int64_t i = 0; archive && i < zip_get_num_entries(archive, 0); ++i) {
        zip_file_t* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
        std::string content(1000, '\0');
        content.resize(static_cast<std::size_t>(zip_fread(file, content.data(), content.size())));
        out[zip_get_name(archive, static_cast<zip_uint64_t>(i), 0)] = content;
        zip_fclose(file);
    }
    if (archive) zip_discard(archive);
    return out;
}

TEST(FalPortraits, LearnsFromAZipOfPhotos) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun(engine);
        const auto& taken = room.server.last();
        EXPECT_EQ(request, taken.id);
        EXPECT_EQ(taken.endpoint, "fal-ai/flux-pro-trainer");
        EXPECT_EQ(taken.webhook, webhook) << "as a parameter of the address, whole";
        EXPECT_FALSE(taken.input.contains("webhook_url"));
        EXPECT_EQ(taken.input.at("finetune_comment"), "user_id=7;avatar_id=9");
        const std::string zip = room.server.uploads.at(std::string(taken.input.at("data_url").as_string()));
        EXPECT_EQ(unzipped(zip), (std::map<std::string, std::string>{{"photo_1.jpg", "one"}, {"photo_2.jpg", "two"}}));
        for (const auto& call : room.server.asked)
            EXPECT_EQ(call.authorization, call.method == "PUT" ? "" : "Key " + key) << "an address that is signed needs no key";
        EXPECT_EQ(room.server.asked.back().priority, "normal");
    });
}

TEST(FalPortraits, A27_TheEndOfATrainingIsFoundByAskingAndByBeingTold) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun(engine);
        EXPECT_EQ(std::get<Waiting>(*co_await engine.training(request, soon())).place, 3);
        room.server.start(request);
        EXPECT_TRUE(std::get<Waiting>(*co_await engine.training(request, soon())).started);
        room.server.complete(request, FalServer::finetune("f-7"));
        for (int i = 0; i < 2; ++i) EXPECT_EQ(std::get<Trained>(*co_await engine.training(request, soon())).model, "f-7");
        EXPECT_EQ((co_await engine.trained(FalServer::told(request, "OK", FalServer::finetune("f-7")), soon()))->model, "f-7");
        EXPECT_EQ((co_await engine.trained(FalServer::told(request, "OK", nullptr), soon()))->model, "f-7") << "told without its payload: asked for";
    });
}

TEST(FalPortraits, LearnsAndPaintsWithALora) {
    with([](Darkroom& room) -> Task<void> {
        room.use_loras();
        auto engine = room.engine();
        const std::string request = co_await begun(engine);
        EXPECT_EQ(room.server.last().input.at("trigger_phrase"), "TOK");
        EXPECT_TRUE(room.server.uploads.contains(std::string(room.server.last().input.at("images_data_url").as_string())));
        room.server.complete(request, room.server.lora("l.safetensors"));
        const auto model = std::get<Trained>(*co_await engine.training(request, soon())).model;
        EXPECT_EQ(model, room.server.file_url("l.safetensors"));
        (void)co_await engine.paint(picture(model), soon());
        EXPECT_EQ(room.server.last().endpoint, "fal-ai/flux-lora");
        EXPECT_EQ(room.server.last().input.at("loras").at(0).at("path"), json::value(model));
        EXPECT_EQ((co_await engine.paint(picture("f-1"), soon())).error().reason, Reason::refused) << "learnt by another endpoint";
    });
}

TEST(FalPortraits, PaintsAndBringsImagesHome) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun_painting(engine);
        const auto& taken = room.server.last();
        EXPECT_EQ(taken.endpoint, "fal-ai/flux-pro/v1.1-ultra-finetuned");
        EXPECT_EQ(taken.input.at("seed"), 42);
        EXPECT_THAT(std::string(taken.input.at("prompt").as_string()), HasSubstr("oil painting portrait of TOK man"));
        EXPECT_TRUE(std::holds_alternative<Waiting>(*co_await engine.painting(request, soon())));
        EXPECT_EQ(room.calls("GET", "/queue/fal-ai/flux-pro/requests/" + request + "/status"), 1u) << "without the endpoint's path";
        room.server.complete(request, room.server.images({"1.jpg", "2.jpg"}));
        const std::string home = "ours:" + jpeg_file();
        EXPECT_THAT(std::get<Images>(*co_await engine.painting(request, soon())), ElementsAre(home, home));
        EXPECT_THAT(*co_await engine.painted(FalServer::told(request, "OK", room.server.images({"1.jpg"})), soon()), ElementsAre(home));
        for (const auto& call : room.server.asked)
            if (call.path.starts_with("/files/")) EXPECT_EQ(call.authorization, "") << "the key stays at home";
    });
}

TEST(FalPortraits, HostileImagesAreLeftOut) {
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

TEST(FalPortraits, A25_ATroubledServerIsAskedAgain) {
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

TEST(FalPortraits, A24_ASubmitThatMayHaveBeenTakenIsNotMadeAgain) {
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

TEST(FalPortraits, A25_AServerErrorOfASubmitIsTheCallersToRepeat) {
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

TEST(FalPortraits, A25_NobodyThereIsSafeToTryAgain) {
    with([](Darkroom& room) -> Task<void> {
        room.config.queue_url = "http://127.0.0.1:1";
        auto engine = room.engine();
        EXPECT_EQ((co_await engine.paint(picture(), soon())).error().reason, Reason::unreachable);
    });
}

TEST(FalPortraits, A25_WhatDoesNotPassIsToldApart) {
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

TEST(FalPortraits, A25_ARequestThatFailedHasAReason) {
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

TEST(FalPortraits, A31_AnUnknownWordConcludesNothing) {
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

TEST(FalPortraits, A37_CancelsAndIsNotTroubledByAnything) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        const std::string request = co_await begun(engine), image = co_await begun_painting(engine);
        co_await engine.cancel_training(request, soon());
        co_await engine.cancel_painting(image, soon());
        EXPECT_TRUE(room.server.request(request).cancelled);
        EXPECT_TRUE(room.server.request(image).cancelled);
        room.server.complete(request, FalServer::finetune("f-7"));
        room.server.faults.assign(3, Fault::error);
        co_await engine.cancel_training(request, soon());
        co_await engine.cancel_training(request, soon());
        const std::size_t before = room.server.asked.size();
        co_await engine.cancel_training("../../other/app", soon());
        EXPECT_EQ((co_await engine.training("../../other/app", soon())).error().reason, Reason::refused);
        EXPECT_EQ(room.server.asked.size(), before) << "an id that is none goes nowhere";
    });
}

TEST(FalPortraits, WhatCannotBeSentIsNotSent) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        TrainingOrder none = lesson(), huge = lesson();
        none.photos.clear();
        huge.photos.assign(91, photo(std::string(1'000'000, 'x')));
        EXPECT_EQ((co_await engine.train(std::move(none), soon())).error().reason, Reason::photos);
        EXPECT_EQ((co_await engine.train(std::move(huge), soon())).error().reason, Reason::photos);
        EXPECT_TRUE(room.server.asked.empty());
    });
}

TEST(FalPortraits, AnUploadWhosePutFailsGetsANewPlace) {
    with([](Darkroom& room) -> Task<void> {
        auto engine = room.engine();
        room.server.faults = {Fault::none, Fault::gateway};
        (void)co_await begun(engine);
        EXPECT_EQ(room.calls("POST", "initiate"), 2u);
        EXPECT_EQ(room.server.ids().size(), 1u);
    });
}

TEST(FalPortraits, TheKeyIsInNoErrorAndNoLog) {
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

// Portraits by fal.ai, on a server that behaves like it on good days.
#include <gmock/gmock.h>
#include <zip.h>

#include "fal_darkroom.hpp"

namespace persona::ai {
namespace {

namespace json = boost::json;
using test::FalServer;
using Fault = FalServer::Fault;
using Reason = PortraitError::Reason;
using testing::ElementsAre;
using testing::HasSubstr;
using namespace darkroom;

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

}  // namespace
}  // namespace persona::ai

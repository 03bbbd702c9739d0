// What fal.ai's endpoints are told, and what their JSON says.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <set>

#include "ai/remote/fal/prompts.hpp"
#include "ai/remote/fal/wire.hpp"
#include "base/error.hpp"

namespace persona::ai::fal {
namespace {

namespace json = boost::json;
using Reason = PortraitError::Reason;
using testing::HasSubstr;
using testing::Not;

Config config() { return {.key = Secret("fal-test-key:0123456789")}; }

std::string complaint(Config given) {
    try {
        (void)checked(std::move(given));
    } catch (const BadConfig& e) { return e.what(); }
    return "";
}

TEST(FalConfig, NamesTheVariableThatIsWrong) {
    struct Case {
        const char* variable;
        std::function<void(Config&)> spoil;
    };
    for (const Case& c : {Case{"FAL_KEY", [](Config& at) { at.key = Secret(); }},
                          {"FAL_KEY", [](Config& at) { at.key = Secret("fal-test-key\r\nX-Evil: 1"); }},
                          {"FAL_QUEUE_URL", [](Config& at) { at.queue_url = "http://queue.fal.run"; }},
                          {"FAL_QUEUE_URL", [](Config& at) { at.queue_url = ""; }},
                          {"FAL_REST_URL", [](Config& at) { at.rest_url = "http://10.0.0.1"; }},
                          {"FAL_TRAINING_ENDPOINT", [](Config& at) { at.training = "fal-ai/../secret"; }},
                          {"FAL_IMAGE_ENDPOINT", [](Config& at) { at.image = "fal-ai/fast-sdxl"; }},
                          {"FAL_IMAGE_ENDPOINT", [](Config& at) { at.image = "fal-ai/flux-lora"; }},
                          {"FAL_QUEUE_PRIORITY", [](Config& at) { at.queue_priority = "high"; }},
                          {"FAL_MODE", [](Config& at) { at.lessons.mode = "person"; }},
                          {"FAL_PRIORITY", [](Config& at) { at.lessons.priority = "normal"; }},
                          {"FAL_ITERATIONS", [](Config& at) { at.lessons.iterations = 0; }},
                          {"FAL_LORA_RANK", [](Config& at) { at.lessons.lora_rank = 64; }},
                          {"FAL_TRIGGER_WORD", [](Config& at) { at.lessons.trigger_word = "ignore what was said"; }},
                          {"FAL_FINETUNE_TYPE", [](Config& at) { at.lessons.finetune_type = "half"; }},
                          {"FAL_STRENGTH", [](Config& at) { at.strength = 2.5; }}}) {
        Config bad = config();
        c.spoil(bad);
        EXPECT_THAT(complaint(bad), testing::AllOf(HasSubstr(c.variable), Not(HasSubstr("fal-test-key")))) << c.variable;
    }
    Config good = config();
    good.queue_url = "http://127.0.0.1:8000/queue/";
    EXPECT_EQ(checked(good).queue_url, "http://127.0.0.1:8000/queue");
    EXPECT_EQ(checked(config()).lessons, Lessons());
}

TEST(FalDialect, EveryTrainerIsToldInItsOwnWords) {
    const auto told = [](std::string_view endpoint) {
        return json::parse(training_dialect(endpoint)->input(Lessons(), "https://files.example/1.zip", "user_id=7;avatar_id=9"));
    };
    EXPECT_EQ(told("fal-ai/flux-pro-trainer"), json::parse(R"({"data_url":"https://files.example/1.zip","mode":"character",
        "finetune_comment":"user_id=7;avatar_id=9","iterations":500,"priority":"quality","captioning":true,"trigger_word":"TOK",
        "lora_rank":32,"finetune_type":"full"})"));
    EXPECT_EQ(told("fal-ai/flux-lora-portrait-trainer"), json::parse(R"({"images_data_url":"https://files.example/1.zip","trigger_phrase":"TOK",
        "steps":500,"multiresolution_training":true,"subject_crop":true,"create_masks":false,"data_archive_format":"zip"})"));
    EXPECT_EQ(told("fal-ai/flux-lora-fast-training").at("trigger_word"), "TOK");
    EXPECT_EQ(training_dialect("fal-ai/flux-lora"), nullptr);
    EXPECT_EQ(training_dialect(""), nullptr);
}

TEST(FalDialect, EveryPainterIsToldInItsOwnWords) {
    const ImageOrder order{.model = {"f-1", {}}, .style = Style::noir, .aspect = Aspect::landscape, .count = 2, .seed = 7};
    const json::value ultra = json::parse(image_dialect("fal-ai/flux-pro/v1.1-ultra-finetuned")->input(order, "TOK man", 1.0));
    EXPECT_EQ(ultra.at("finetune_id"), "f-1");
    EXPECT_EQ(ultra.at("finetune_strength"), 1.0);
    EXPECT_EQ(ultra.at("aspect_ratio"), "4:3");
    EXPECT_EQ(ultra.at("num_images"), 2);
    EXPECT_EQ(ultra.at("seed"), 7);
    EXPECT_EQ(ultra.at("enable_safety_checker"), true);
    EXPECT_THAT(std::string(ultra.at("prompt").as_string()), HasSubstr("TOK man"));
    EXPECT_FALSE(ultra.as_object().contains("negative_prompt"));
    const json::value lora = json::parse(image_dialect("fal-ai/flux-lora")->input(order, "TOK man", 1.15));
    EXPECT_EQ(lora.at("loras"), json::parse(R"([{"path":"f-1","scale":1.15}])"));
    EXPECT_EQ(lora.at("image_size"), "landscape_4_3");
    EXPECT_EQ(lora.at("seed"), 7);
    EXPECT_EQ(lora.at("negative_prompt"), json::value(negative_prompt));
}

TEST(FalDialect, NumbersStayWithinWhatEndpointsTake) {
    const ImageOrder order{.aspect = Aspect::square, .count = 400, .seed = 0xffff'ffff'ffff'ffff};
    const json::value told = json::parse(image_dialect("fal-ai/flux-lora")->input(order, "TOK", 1));
    EXPECT_EQ(told.at("num_images"), 4);
    EXPECT_EQ(told.at("seed"), 0x7fffffff);
    EXPECT_EQ(told.at("image_size"), "square_hd");
}

TEST(FalDialect, EveryStyleHasAPromptOfItsOwnWithThePersonInIt) {
    std::set<std::string> prompts;
    for (const Style style : all_styles) {
        prompts.insert(prompt_of(style, "TOK woman"));
        EXPECT_THAT(prompt_of(style, "TOK woman"), testing::AllOf(HasSubstr("TOK woman"), Not(HasSubstr("{}")))) << name(style);
    }
    EXPECT_EQ(prompts.size(), all_styles.size());
    EXPECT_EQ(subject_of("TOK", Gender::male), "TOK man");
    EXPECT_EQ(subject_of("TOK", Gender::female), "TOK woman");
    EXPECT_EQ(subject_of("TOK", Gender::unknown), "TOK person");
}

TEST(FalWire, A31_KnowsFiveStatusesAndConcludesNothingFromAnother) {
    const auto status = [](std::string_view word) { return read_status(R"({"status":")" + std::string(word) + R"("})")->status; };
    EXPECT_EQ(status("IN_QUEUE"), Status::in_queue);
    EXPECT_EQ(status("IN_PROGRESS"), Status::in_progress);
    EXPECT_EQ(status("COMPLETED"), Status::completed);
    EXPECT_EQ(status("FAILED"), Status::failed);
    EXPECT_EQ(status("CANCELLED"), Status::cancelled);
    for (const char* word : {"READY", "completed", "COMPLETED ", "OK"}) EXPECT_FALSE(status(word)) << word;
    EXPECT_EQ(read_status(R"({"status":"PAUSED"})")->word, "PAUSED");
    EXPECT_EQ(read_status(R"({"status":"<b>TOK</b>"})")->word, "") << "no word of a machine, so it is not logged";
    for (const char* none : {"", "[]", "{}", R"({"status":1})", R"({"status":""})", "<html>"}) EXPECT_FALSE(read_status(none)) << none;
}

TEST(FalWire, ReadsPlacesAndErrorsOfStatuses) {
    EXPECT_EQ(read_status(R"({"status":"IN_QUEUE","queue_position":12})")->place, 12);
    for (const char* wrong : {"-1", "1.5", "\"2\"", "9999999999", "null"})
        EXPECT_FALSE(read_status(R"({"status":"IN_QUEUE","queue_position":)" + std::string(wrong) + "}")->place) << wrong;
    EXPECT_TRUE(read_status(R"({"status":"COMPLETED","error":"Invalid status code: 422"})")->erred);
    EXPECT_FALSE(read_status(R"({"status":"COMPLETED","error":null})")->erred);
    EXPECT_TRUE(read_status(R"({"status":"FAILED"})")->erred);
}

TEST(FalWire, AnIdNeverLeavesItsPath) {
    for (const char* good : {"764cabcf-b745-4b3e-ae38-1200304cf45b", "a", "A_9"}) EXPECT_TRUE(is_id(good)) << good;
    for (const std::string& bad : {std::string(), std::string("../x"), std::string("a/b"), std::string("a.b"), std::string("a?b"), std::string("a b"),
                                   std::string("ы"), std::string(129, 'a'), std::string("a\0b", 3)})
        EXPECT_FALSE(is_id(bad)) << bad;
    EXPECT_EQ(read_submitted(R"({"request_id":"r-1","status":"IN_QUEUE"})"), "r-1");
    for (const char* none : {R"({"request_id":"../r-1"})", R"({"request_id":1})", "{}", "", "null", R"(["request_id"])"})
        EXPECT_FALSE(read_submitted(none)) << none;
}

TEST(FalWire, ReadsWhatWasLearnt) {
    EXPECT_EQ(read_learnt(Learnt::finetune, R"({"finetune_id":"f-1"})"), "f-1");
    EXPECT_EQ(read_learnt(Learnt::lora, R"({"diffusers_lora_file":{"url":"https://v3.fal.media/l.safetensors"},"config_file":{}})"),
              "https://v3.fal.media/l.safetensors");
    for (const char* none : {"", "{}", R"({"finetune_id":""})", R"({"finetune_id":"../../etc"})", R"({"finetune_id":{"a":1}})",
                             R"({"diffusers_lora_file":{"url":"https://v3.fal.media/l"}})"})
        EXPECT_FALSE(read_learnt(Learnt::finetune, none)) << none;
    for (const std::string& none :
         {std::string(R"({"finetune_id":"f-1"})"), std::string(R"({"diffusers_lora_file":"https://v3.fal.media/l"})"),
          std::string(R"({"diffusers_lora_file":{"url":"file:///etc/passwd"}})"), std::string(R"({"diffusers_lora_file":{"url":"https://a b"}})"),
          R"({"diffusers_lora_file":{"url":"https://)" + std::string(3000, 'a') + R"("}})"})
        EXPECT_FALSE(read_learnt(Learnt::lora, none)) << none.substr(0, 80);
}

TEST(FalWire, ReadsAtMostFourImagesAndLeavesOutWhatIsWithheld) {
    std::string list;
    for (int i = 0; i < 1000; ++i) list += (i ? "," : "") + std::string(R"({"url":"https://f.example/)") + std::to_string(i) + R"("})";
    EXPECT_EQ(read_painted(R"({"images":[)" + list + "]}")->urls.size(), 4u);
    const auto some = read_painted(R"({"images":[{"url":"https://a/1"},{"url":"https://a/2"}],"has_nsfw_concepts":[true,false,true]})");
    EXPECT_THAT(some->urls, testing::ElementsAre("https://a/2"));
    EXPECT_EQ(some->withheld, 1);
    EXPECT_TRUE(read_painted(R"({"images":[]})")->urls.empty());
    for (const char* none : {"", "{}", R"({"images":{}})", R"({"images":["https://a/1"]})", R"({"images":[{"url":"data:image/png;base64,AA"}]})"})
        EXPECT_FALSE(read_painted(none)) << none;
}

TEST(FalWire, A25_TellsPhotosFromOrders) {
    const Said said = read_error(R"({"detail":[{"loc":["body","data_url"],"msg":"TOK is too small","type":"image_too_small"}]})");
    EXPECT_EQ(said.word, "image_too_small");
    EXPECT_TRUE(said.of_model);
    EXPECT_EQ(reason_of(said.word), Reason::photos);
    EXPECT_EQ(reason_of("internal_server_error"), Reason::refused);
    for (const char* queue : {R"({"detail":"User is locked"})", "<html>", "", R"({"detail":[]})", R"({"detail":["text"]})"})
        EXPECT_FALSE(read_error(queue).of_model) << queue;
    EXPECT_EQ(read_error(R"({"detail":[{"type":"what you said: TOK"}]})").word, "") << "a sentence may quote us";
}

TEST(FalWire, ReadsWebhooks) {
    const auto told = read_told(R"({"request_id":"r-1","gateway_request_id":"g-1","status":"OK","payload":{"finetune_id":"f-1"}})");
    EXPECT_EQ(told->request, "r-1");
    EXPECT_EQ(told->gateway_request, "g-1");
    EXPECT_EQ(told->payload, R"({"finetune_id":"f-1"})");
    EXPECT_FALSE(read_learnt(Learnt::finetune, read_told(R"({"request_id":"r","status":"OK","payload":{"finetune_id":1.5e604}})")->payload));
    EXPECT_EQ(read_told(R"({"request_id":"r-1","status":"OK","payload":null,"payload_error":"?"})")->payload, "");
    for (const char* none : {"", "{}", R"({"request_id":"r-1"})", R"({"request_id":"../r-1","status":"OK"})",
                             R"({"request_id":"r-1","status":["OK"]})", R"({"request_id":"r-1","gateway_request_id":"a/b","status":"OK"})"})
        EXPECT_FALSE(read_told(none)) << none;
}

TEST(FalWire, DeepJsonIsRefusedAndNotFollowed) {
    const std::string deep = R"({"status":)" + std::string(100'000, '[');
    EXPECT_FALSE(read_status(deep));
    EXPECT_FALSE(read_told(deep));
}

}  // namespace
}  // namespace persona::ai::fal

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace persona::sandbox {
namespace {

using test::SmallWorld;
using testing::ElementsAre;

struct Watched : SmallWorld {
    std::uint64_t seen = world.traffic.last();
    std::vector<json::object> lines() {
        std::vector<json::object> out;
        for (const auto* line : world.traffic.after(seen, 100)) out.push_back(json::parse(line->json).as_object());
        seen = world.traffic.last();
        return out;
    }
};

TEST(SandboxTraffic, TellsAnUpdateAndThatItWasFetched) {
    Watched w;
    w.say("hello");
    const auto queued = w.lines().at(0);
    EXPECT_EQ(queued.at("kind"), "update");
    EXPECT_EQ(queued.at("chat_id"), w.chat.value);
    EXPECT_EQ(queued.at("method"), "message");
    EXPECT_EQ(queued.at("body").at("message").at("text"), "hello");
    w.outcome("getUpdates", {{"offset", -1}});
    const auto lines = w.lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[0].at("method"), "getUpdates");
    EXPECT_EQ(lines[1].at("fate"), "fetched");
    EXPECT_EQ(lines[1].at("id"), queued.at("id"));
}

TEST(SandboxTraffic, TellsACallWithWhatItBreaksAndTheChatItIsAbout) {
    Watched w;
    const auto markup = json::parse(R"({"inline_keyboard":[[{"text":"A","callback_data":"a"}]]})");
    const auto id = integer_of(w.result("sendMessage", w.to_chat({{"text", "menu"}, {"reply_markup", markup}})).as_object(), "message_id");
    const auto pressed = w.people.press(w.bot, w.chat, {{"message_id", id}, {"text", "A"}}, w.now).value();
    w.lines();
    w.outcome("answerCallbackQuery", {{"callback_query_id", pressed.at("callback_query_id")}, {"tone", "kind"}});
    const auto call = w.lines().at(0);
    EXPECT_EQ(call.at("kind"), "call");
    EXPECT_EQ(call.at("chat_id"), w.chat.value);
    EXPECT_EQ(call.at("params").at("tone"), "kind");
    EXPECT_EQ(call.at("violations").as_array().size(), 1U);
}

TEST(SandboxTraffic, AnAnswerHasTheCallsIdAndTheFaultThatStruck) {
    Watched w;
    ASSERT_TRUE(w.world.faults.add({{"kind", "drop_before"}, {"method", "sendMessage"}}));
    const auto outcome = w.outcome("sendMessage", w.to_chat({{"text", "a"}}));
    EXPECT_EQ(outcome.fault, "drop_before");
    w.world.traffic.answered({.call = outcome.call, .status = 0, .took = 1'500us, .body = outcome.reply.body, .fault = outcome.fault});
    const auto lines = w.lines();
    ASSERT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines[1].at("id"), lines[0].at("id"));
    EXPECT_EQ(lines[1].at("fault"), "drop_before");
    EXPECT_DOUBLE_EQ(lines[1].at("ms").as_double(), 1.5);
}

TEST(SandboxTraffic, KeepsABoundedPast) {
    Watched w;
    for (int i = 0; i < 2'100; ++i) w.world.traffic.settled(UpdateId(i), "fetched", w.now);
    EXPECT_EQ(w.world.traffic.after(0, 10'000).size(), 2'000U);
    EXPECT_THAT(w.world.traffic.after(w.world.traffic.last(), 10), testing::IsEmpty());
}

}  // namespace
}  // namespace persona::sandbox

#include "sandbox/methods/bot_api.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace persona::sandbox {
namespace {

using test::SmallWorld;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Case {
    const char* method;
    json::object params;
    const char* expected;
};

std::string long_text(std::size_t units) {
    std::string text;
    for (std::size_t i = 0; i < units; i += 2) text += "😀";  // two units, four bytes
    return text;
}

TEST(SandboxBotApi, RefusesWithTelegramsWords) {
    SmallWorld w;
    const auto own = w.sent("mine");
    const Case cases[] = {
        {"sendMessage", w.to_chat({}), "400 Bad Request: message text is empty"},
        {"sendMessage", w.to_chat({{"text", " \n"}}), "400 Bad Request: message text is empty"},
        {"sendMessage", {{"text", "a"}}, "400 Bad Request: chat_id is empty"},
        {"sendMessage", {{"chat_id", 77}, {"text", "a"}}, "400 Bad Request: chat not found"},
        {"sendMessage", {{"chat_id", "@nobody"}, {"text", "a"}}, "400 Bad Request: chat not found"},
        {"sendMessage", w.to_chat({{"text", long_text(4098)}}), "400 Bad Request: message is too long"},
        {"sendMessage", w.to_chat({{"text", long_text(4096)}}), "ok"},
        {"sendMessage", w.to_chat({{"text", "<b>" + std::string(4096, 'x') + "</b>"}, {"parse_mode", "HTML"}}), "ok"},
        {"sendMessage", w.to_chat({{"text", "<b"}, {"parse_mode", "html"}}),
         "400 Bad Request: can't parse entities: Unclosed start tag at byte offset 0"},
        {"sendMessage", w.to_chat({{"text", "a"}, {"parse_mode", "BBCode"}}), "400 Bad Request: unsupported parse_mode"},
        {"sendMessage", w.to_chat({{"text", "a"}, {"reply_parameters", {{"message_id", 9999}}}}), "400 Bad Request: message to be replied not found"},
        {"sendMessage", w.to_chat({{"text", "a"}, {"reply_parameters", {{"message_id", 9999}, {"allow_sending_without_reply", true}}}}), "ok"},
        {"sendMessage", w.to_chat({{"text", "a"}, {"reply_markup", "x"}}), "400 Bad Request: object expected as reply markup"},
        {"sendPhoto", w.to_chat({}), "400 Bad Request: there is no photo in the request"},
        {"sendPhoto", w.to_chat({{"photo", "nonsense"}}), "400 Bad Request: wrong file identifier/HTTP URL specified"},
        {"sendMediaGroup", w.to_chat({}), "400 Bad Request: parameter \"media\" is required"},
        {"sendMediaGroup", w.to_chat({{"media", json::array()}}), "400 Bad Request: there are no messages to send"},
        {"sendChatAction", w.to_chat({{"action", "dancing"}}), "400 Bad Request: wrong parameter action in request"},
        {"getFile", {{"file_id", "zzz"}}, "400 Bad Request: invalid file_id"},
        {"editMessageText", w.to_chat({{"message_id", 9999}, {"text", "a"}}), "400 Bad Request: message to edit not found"},
        {"editMessageText", w.to_chat({{"message_id", 1}, {"text", "a"}}), "400 Bad Request: message can't be edited"},
        {"editMessageText", w.to_chat({{"message_id", own}, {"text", "mine"}}),
         "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and "
         "reply "
         "markup of the message"},
        {"editMessageCaption", w.to_chat({{"message_id", own}, {"caption", "a"}}), "400 Bad Request: there is no caption in the message to edit"},
        {"deleteMessage", w.to_chat({{"message_id", 9999}}), "400 Bad Request: message to delete not found"},
        {"deleteMessage", w.to_chat({{"message_id", own}}), "ok"},
        {"answerCallbackQuery",
         {{"callback_query_id", "1"}},
         "400 Bad Request: query is too old and response timeout expired or query ID is invalid"},
        {"setWebhook", {{"url", "http://example.org/"}}, "400 Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
        {"setMyCommands", {{"commands", {{{"command", "Start"}, {"description", "x"}}}}}, "400 Bad Request: BOT_COMMAND_INVALID"},
        {"copyMessage", w.to_chat({{"from_chat_id", w.chat.value}, {"message_id", 9999}}), "400 Bad Request: message to copy not found"},
        {"sendNothing", {}, "404 Not Found: method not found"},
    };
    for (const auto& c : cases) EXPECT_EQ(w.error(c.method, c.params), c.expected) << c.method << " " << json::serialize(c.params).substr(0, 200);
}

TEST(SandboxBotApi, KnowsTokensByTheirForm) {
    SmallWorld w;
    EXPECT_EQ(w.api.call({"123456:other", "getMe", {}, {}, {}}, w.now).reply.status, 401);
    EXPECT_EQ(w.api.call({"nonsense", "getMe", {}, {}, {}}, w.now).reply.status, 404);
    EXPECT_EQ(w.api.call({test::token, "GETME", {}, {}, {}}, w.now).reply.status, 200);
}

TEST(SandboxBotApi, ChecksKeyboards) {
    SmallWorld w;
    const auto with = [&](json::object button) {
        json::array row, rows;
        row.push_back(std::move(button));
        rows.push_back(std::move(row));
        return w.error("sendMessage", w.to_chat({{"text", "a"}, {"reply_markup", {{"inline_keyboard", std::move(rows)}}}}));
    };
    EXPECT_EQ(with({{"text", "a"}, {"callback_data", std::string(64, 'x')}}), "ok");
    EXPECT_EQ(with({{"text", "a"}, {"callback_data", std::string(65, 'x')}}), "400 Bad Request: BUTTON_DATA_INVALID");
    EXPECT_EQ(with({{"text", "a"}, {"callback_data", "ярлык ярлык ярлык ярлык ярлык ярлы"}}), "ok");  // 63 bytes
    EXPECT_EQ(with({{"text", "a"}}), "400 Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    EXPECT_EQ(with({{"text", "a"}, {"url", "a b"}}), "400 Bad Request: BUTTON_URL_INVALID");
    EXPECT_EQ(with({{"callback_data", "a"}}), "400 Bad Request: can't parse inline keyboard button: Can't find field \"text\"");
    EXPECT_EQ(with({{"text", "a"}, {"web_app", {{"url", "http://example.org"}}}}),
              "400 Bad Request: inline keyboard button Web App URL 'http://example.org' is invalid: Only HTTPS links are allowed");
    EXPECT_EQ(w.error("editMessageReplyMarkup", w.to_chat({{"message_id", w.sent("k")}, {"reply_markup", {{"remove_keyboard", true}}}})),
              "400 Bad Request: inline keyboard expected");
}

TEST(SandboxBotApi, RecordsViolationsBesideTheReply) {
    SmallWorld w;
    struct Row {
        const char* method;
        json::object params;
        std::vector<std::string> expected;
    };
    const Row rows[] = {
        {"sendMessage", w.to_chat({{"text", "a"}}), {}},
        {"sendMessage", w.to_chat({}), {"text: required"}},
        {"sendMessage", w.to_chat({{"text", 5}}), {"text: String expected"}},
        {"sendMessage", w.to_chat({{"text", "a"}, {"silent", true}}), {"silent: unknown field"}},
        {"sendMessage",
         w.to_chat({{"text", "a"}, {"reply_markup", {{"inline_keyboard", {{{{"text", "b"}, {"callback_data", std::string(65, 'x')}}}}}}}}),
         {"reply_markup.inline_keyboard[0][0].callback_data: 65 bytes, allowed are 1 to 64"}},
        {"sendMessage",
         w.to_chat({{"text", "a"}, {"reply_markup", {{"keyboard", {{{{"text", "b"}, {"size", 1}}}}}}}}),
         {"reply_markup.keyboard[0][0].size: unknown field"}},
        {"sendMediaGroup", w.to_chat({{"media", {{{"type", "photo"}, {"media", "x"}}}}}), {"media: 1 items, allowed are 2 to 10"}},
        {"sendInvoice",
         w.to_chat({{"title", std::string(33, 'x')},
                    {"description", "d"},
                    {"payload", "p"},
                    {"currency", "XTR"},
                    {"prices", {{{"label", "l"}, {"amount", 1}}}}}),
         {"title: 33 characters, allowed are 1 to 32"}},
        {"editMessageText", {{"text", "a"}}, {"chat_id: required without inline_message_id", "message_id: required without inline_message_id"}},
        {"setMyCommands", {{"commands", json::array()}, {"scope", {{"type", "chat"}, {"chat_id", 1}}}}, {}},
        {"answerCallbackQuery", {{"callback_query_id", "1"}, {"text", std::string(201, 'x')}}, {"text: 201 characters, allowed are 0 to 200"}},
    };
    for (const auto& row : rows) {
        w.reply(row.method, row.params);
        EXPECT_THAT(w.last_violations(), testing::ElementsAreArray(row.expected)) << json::serialize(row.params);
    }
}

TEST(SandboxBotApi, TakesParametersAsTextToo) {
    SmallWorld w;
    const auto outcome = w.api.call({test::token,
                                     "sendMessage",
                                     {{"chat_id", std::to_string(w.chat.value)},
                                      {"text", "5"},
                                      {"disable_notification", "true"},
                                      {"reply_markup", R"({"inline_keyboard":[[{"text":"a","callback_data":"b"}]]})"}},
                                     {},
                                     {}},
                                    w.now);
    EXPECT_EQ(outcome.reply.status, 200);
    EXPECT_THAT(outcome.reply.body, HasSubstr("callback_data"));
    EXPECT_THAT(w.last_violations(), IsEmpty());
}

TEST(SandboxBotApi, RunsOutOfPaceWithTelegrams429) {
    SmallWorld w;
    w.bot.pace.set({.chat = {2, 0.5}, .group = {}, .all = {}});
    w.sent("1");
    w.sent("2");
    const auto third = w.outcome("sendMessage", w.to_chat({{"text", "3"}})).reply;
    EXPECT_EQ(third.status, 429);
    EXPECT_EQ(third.retry_after, 2);
    EXPECT_EQ(third.body, R"({"ok":false,"error_code":429,"description":"Too Many Requests: retry after 2","parameters":{"retry_after":2}})");
    EXPECT_EQ(w.error("sendChatAction", w.to_chat({{"action", "typing"}})), "ok");
    w.now += 2s;
    EXPECT_EQ(w.error("sendMessage", w.to_chat({{"text", "3"}})), "ok");
}

TEST(SandboxBotApi, CarriesOutFaultsByNumber) {
    SmallWorld w;
    ASSERT_TRUE(w.world.faults.add({{"kind", "429"}, {"method", "sendmessage"}, {"count", 2}, {"retry_after", 7}}));
    ASSERT_TRUE(w.world.faults.add({{"kind", "drop_after"}, {"method", "sendMessage"}}));
    EXPECT_EQ(w.outcome("sendMessage", w.to_chat({{"text", "a"}})).reply.retry_after, 7);
    EXPECT_EQ(w.outcome("sendMessage", w.to_chat({{"text", "a"}})).reply.retry_after, 7);
    const auto before = w.world.conversation(w.bot, w.chat)->messages.size();
    EXPECT_TRUE(w.outcome("sendMessage", w.to_chat({{"text", "a"}})).drop);
    EXPECT_EQ(w.world.conversation(w.bot, w.chat)->messages.size(), before + 1);
    EXPECT_EQ(w.error("sendMessage", w.to_chat({{"text", "a"}})), "ok");
    EXPECT_FALSE(w.world.faults.add({{"kind", "earthquake"}}));
}

TEST(SandboxBotApi, HidesTokensInRecordedCalls) {
    SmallWorld w;
    w.sent("look: 123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-");
    EXPECT_THAT(json::serialize(w.world.recorder.since(0, "sendMessage", 10)), testing::Not(HasSubstr("AAHdqT")));
}

TEST(SandboxBotApi, SecondPollEndsTheFirst) {
    SmallWorld w;
    w.result("getUpdates", {{"offset", -1}});
    w.result("getUpdates", {{"offset", w.bot.updates.next_id().value}});
    const auto first = w.outcome("getUpdates", {{"timeout", 30}});
    ASSERT_TRUE(first.poll);
    EXPECT_FALSE(w.api.resume(*first.poll, false, w.now));
    const auto second = w.outcome("getUpdates", {{"timeout", 99}});
    ASSERT_TRUE(second.poll);
    EXPECT_EQ(second.poll->timeout, 50s);
    EXPECT_THAT(w.api.resume(*first.poll, false, w.now)->body,
                HasSubstr("Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"));
    w.say("hi");
    EXPECT_THAT(w.api.resume(*second.poll, false, w.now)->body, HasSubstr("\"text\":\"hi\""));
}

TEST(SandboxBotApi, WebhookAndPollExcludeEachOther) {
    SmallWorld w;
    const auto poll = w.outcome("getUpdates", {{"offset", w.bot.updates.next_id().value}, {"timeout", 30}}).poll;
    ASSERT_TRUE(poll);
    EXPECT_EQ(text_of(w.reply("setWebhook", {{"url", "http://127.0.0.1:1/hook"}, {"secret_token", "s"}}), "description"), "Webhook was set");
    EXPECT_THAT(w.api.resume(*poll, false, w.now)->body, HasSubstr("Conflict: terminated by setWebhook request"));
    EXPECT_EQ(w.error("getUpdates", {}),
              "409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first");
    EXPECT_EQ(text_of(w.reply("setWebhook", {{"url", "http://127.0.0.1:1/hook"}, {"secret_token", "s"}}), "description"), "Webhook is already set");
    EXPECT_EQ(text_of(w.reply("deleteWebhook", {}), "description"), "Webhook was deleted");
    EXPECT_EQ(w.error("getUpdates", {}), "ok");
}

TEST(SandboxBotApi, FilesBeyondTwentyMegabytesAreNotDownloaded) {
    SmallWorld w;
    const auto sent =
        w.people.send_files(w.bot, w.chat, {{"kind", "document"}}, {{"f", "big.bin", "", std::string((20 << 20) + 1, 'x')}}, w.now).value();
    const auto id = sent.at(0).at("document").at("file_id");
    EXPECT_EQ(w.error("getFile", {{"file_id", id}}), "400 Bad Request: file is too big");
    const auto exact = w.people.send_files(w.bot, w.chat, {{"kind", "document"}}, {{"f", "ok.bin", "", std::string(20 << 20, 'x')}}, w.now).value();
    EXPECT_EQ(w.error("getFile", {{"file_id", exact.at(0).at("document").at("file_id")}}), "ok");
}

}  // namespace
}  // namespace persona::sandbox

#include "telegram/outbox_verdict.hpp"

#include <gtest/gtest.h>

namespace persona::telegram {
namespace {

using Act = Verdict::Act;
using Kind = ApiErrorKind;

constexpr Time now{std::chrono::seconds(1'000'000)};
const RetryRule rule;

Queued item(const std::string& method, Stream stream = Stream::dialogue) {
    return {.id = OutboxId(1), .chat = ChatId(7), .stream = stream, .call = {method, {}, {}}, .created = now};
}

TEST(OutboxVerdict, KnowsWhatTelegramMeans) {
    struct Case {
        std::string method;
        Kind kind;
        int code;
        std::string description;
        Act act;
    };
    const Case cases[] = {
        {"editMessageText", Kind::refused, 400, "Bad Request: message is not modified: specified new message content is the same", Act::sent},
        {"answerCallbackQuery", Kind::refused, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid", Act::sent},
        {"editMessageText", Kind::refused, 400, "Bad Request: message to edit not found", Act::anew},
        {"editMessageText", Kind::refused, 400, "Bad Request: message can't be edited", Act::anew},
        {"editMessageReplyMarkup", Kind::refused, 400, "Bad Request: message to edit not found", Act::dead},
        {"deleteMessage", Kind::refused, 400, "Bad Request: message to delete not found", Act::sent},
        {"sendMessage", Kind::refused, 400, "Bad Request: message to delete not found", Act::dead},
        {"sendMessage", Kind::refused, 400, "Bad Request: chat not found", Act::dead},
        {"sendMessage", Kind::refused, 401, "Unauthorized", Act::again},
        {"sendMessage", Kind::blocked, 403, "Forbidden: bot was blocked by the user", Act::dead},
        {"sendMessage", Kind::too_many, 429, "Too Many Requests: retry after 3", Act::throttled},
        {"sendMessage", Kind::server, 502, "Bad Gateway", Act::again},
        {"sendDocument", Kind::not_sent, 0, "no route", Act::again},
        {"sendDocument", Kind::unknown, 0, "no answer", Act::again},
        {"editMessageText", Kind::unknown, 0, "no answer", Act::again},
        {"editMessageMedia", Kind::refused, 400, "Bad Request: message to edit not found", Act::anew},
        {"sendPhoto", Kind::lost, 0, "attachment: gone", Act::dead},
    };
    for (const Case& c : cases)
        EXPECT_EQ(judge(item(c.method), std::unexpected(ApiError{c.kind, c.code, c.description, 3s}), rule, now).act, c.act)
            << c.method << ": " << c.description;
}

TEST(OutboxVerdict, SaysAPictureAnewOrInWords) {
    const Attachment file{.field = "photo", .blob = "b", .file_name = "p.jpg"};
    Call edit = with(edit_message_photo(file, "Фото 1 из 3"), InlineKeyboard{{{{.text = "ok", .data = "ok:", .url = {}}}}});
    edit.params["message_id"] = 5;
    const auto anew = as_new_message(edit);
    ASSERT_TRUE(anew);
    EXPECT_EQ(anew->method, "sendPhoto");
    EXPECT_EQ(anew->params.at("caption"), "Фото 1 из 3");
    EXPECT_FALSE(anew->params.contains("media") || anew->params.contains("message_id"));
    EXPECT_TRUE(anew->file && anew->params.contains("reply_markup"));
    Queued lost = item("editMessageMedia");
    lost.call = edit;
    EXPECT_EQ(judge(lost, std::unexpected(ApiError{Kind::lost}), rule, now).act, Act::in_words);
    const auto words = as_words(edit);
    ASSERT_TRUE(words);
    EXPECT_EQ(words->method, "sendMessage");
    EXPECT_EQ(words->params.at("text"), "Фото 1 из 3");
    EXPECT_FALSE(words->file || words->params.contains("media") || words->params.contains("message_id"));
    EXPECT_TRUE(words->params.contains("reply_markup"));
}

TEST(OutboxVerdict, TakesTheMessageIdOfTheAnswer) {
    EXPECT_EQ(judge(item("sendMessage"), boost::json::value{{"message_id", 5}}, rule, now).message, MessageId(5));
    EXPECT_EQ(judge(item("deleteMessage"), boost::json::value(true), rule, now).message, std::nullopt);
    EXPECT_EQ(judge(item("sendVideo"), boost::json::value{{"message_id", 0}}, rule, now).message, std::nullopt)
        << "0: scheduled by the server, unusable";
}

TEST(OutboxVerdict, D7_WaitsAsLongAsTelegramSays) {
    const auto verdict = judge(item("sendMessage"), std::unexpected(ApiError{Kind::too_many, 429, "", 7s}), rule, now);
    EXPECT_EQ(verdict.wait, 7s);
    EXPECT_EQ(verdict.attempts, 1);
}

TEST(OutboxVerdict, BoundsEveryKindOfFailure) {
    const auto fail = [](Queued q, Kind kind, Time at = now) { return judge(q, std::unexpected(ApiError{kind, 0, "", 1s}), rule, at).act; };
    Queued tired = item("sendMessage");
    tired.attempts = rule.tries - 1;
    EXPECT_EQ(fail(tired, Kind::too_many), Act::dead) << "a message that is throttled for ever may arrive each time";
    EXPECT_EQ(fail(tired, Kind::server), Act::again) << "Telegram may be away for a while";
    EXPECT_EQ(fail(tired, Kind::server, now + rule.patience), Act::dead);
    EXPECT_EQ(fail(item("sendMessage"), Kind::not_sent, now + 2 * rule.patience), Act::again) << "old, but hardly tried";
    Queued unsure = item("sendMessage");
    unsure.unsure = 1;
    EXPECT_EQ(fail(unsure, Kind::unknown), Act::uncertain);
    EXPECT_EQ(fail(item("sendMessage", Stream::notice), Kind::unknown), Act::uncertain);
    Queued edit = item("editMessageText");
    edit.unsure = 5;
    EXPECT_EQ(fail(edit, Kind::unknown), Act::again);
    edit.attempts = rule.tries;
    EXPECT_EQ(fail(edit, Kind::unknown, now + rule.patience), Act::dead);
}

TEST(OutboxVerdict, BacksOffToACeiling) {
    Queued q = item("sendMessage");
    Millis last{0};
    for (q.attempts = 0; q.attempts < 12; ++q.attempts) {
        const auto wait = judge(q, std::unexpected(ApiError{Kind::not_sent}), rule, now).wait;
        EXPECT_GE(wait, last);
        last = wait;
    }
    EXPECT_EQ(last, rule.ceiling);
}

}  // namespace
}  // namespace persona::telegram

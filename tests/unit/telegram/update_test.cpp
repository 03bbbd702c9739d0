#include "telegram/update.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace persona::telegram {
namespace {

using testing::SizeIs;

const std::string person = R"("from":{"id":5000000000,"is_bot":false,"first_name":"Анна","username":"anna","language_code":"ru"})";
const std::string chat = R"("chat":{"id":5000000000,"type":"private","first_name":"Анна"})";

std::string message(const std::string& rest) { return R"({"update_id":10,"message":{"message_id":77,"date":1,)" + person + "," + chat + rest + "}}"; }

Message read(const std::string& rest) {
    const auto update = parse_update(message(rest));
    return update && std::holds_alternative<Message>(update->what) ? std::get<Message>(update->what) : Message{.text = "not a message"};
}

TEST(Update, R7_ReadsAMessageOfAPersonWithALargeId) {
    const std::string json = message(R"(,"text":"Привет \uD83D\uDE00")");
    const auto update = parse_update(json);
    ASSERT_TRUE(update);
    EXPECT_EQ(update->id, UpdateId(10));
    EXPECT_EQ(update->raw, json);
    ASSERT_TRUE(update->person());
    EXPECT_EQ(*update->person(), (Person{TelegramId(5'000'000'000), false, "Анна", "", "anna", "ru"}));
    ASSERT_TRUE(update->chat());
    EXPECT_EQ(update->chat()->id, ChatId(5'000'000'000));
    const auto& m = std::get<Message>(update->what);
    EXPECT_EQ(m.id, MessageId(77));
    EXPECT_EQ(m.text, "Привет 😀");
    EXPECT_FALSE(m.file);
    EXPECT_FALSE(m.service);
}

TEST(Update, ReadsEveryKindOfFile) {
    struct Case {
        std::string json;
        FileKind kind;
        std::string id, name;
        int width, duration_s;
    };
    const Case cases[] = {
        {R"("voice":{"file_id":"v","file_unique_id":"u","duration":3,"mime_type":"audio/ogg","file_size":9})", FileKind::voice, "v", "", 0, 3},
        {R"("audio":{"file_id":"a","file_unique_id":"u","duration":4,"file_name":"a.mp3"})", FileKind::audio, "a", "a.mp3", 0, 4},
        {R"("video":{"file_id":"w","file_unique_id":"u","width":640,"height":360,"duration":5})", FileKind::video, "w", "", 640, 5},
        {R"("video_note":{"file_id":"n","file_unique_id":"u","length":240,"duration":6})", FileKind::video_note, "n", "", 240, 6},
        {R"("document":{"file_id":"d","file_unique_id":"u","file_name":"т.txt"})", FileKind::document, "d", "т.txt", 0, -1},
        {R"("animation":{"file_id":"g","file_unique_id":"u","width":1,"height":2,"duration":7},"document":{"file_id":"g","file_unique_id":"u"})",
         FileKind::animation, "g", "", 1, 7},
        {R"("photo":[{"file_id":"s","file_unique_id":"u","width":90,"height":90},{"file_id":"l","file_unique_id":"u","width":1280,"height":1280},{"file_id":"m","file_unique_id":"u","width":320,"height":320}])",
         FileKind::photo, "l", "", 1280, -1},
    };
    for (const Case& c : cases) {
        SCOPED_TRACE(c.json);
        const Message m = read("," + c.json);
        ASSERT_TRUE(m.file);
        EXPECT_EQ(m.file->kind, c.kind);
        EXPECT_EQ(m.file->id, c.id);
        EXPECT_EQ(m.file->unique_id, "u");
        EXPECT_EQ(m.file->name, c.name);
        EXPECT_EQ(m.file->width, c.width);
        EXPECT_EQ(m.file->duration_s.value_or(-1), c.duration_s);
    }
    EXPECT_EQ(read(R"(,"voice":{"file_id":"v","file_unique_id":"u","duration":3,"file_size":5000000000})").file->bytes, 5'000'000'000);
}

TEST(Update, ReadsAlbumsContactsPaymentsAndServiceMessages) {
    EXPECT_EQ(read(R"(,"media_group_id":"123","caption":"hi")").album, "123");
    const Message contact = read(R"(,"contact":{"phone_number":"+7","first_name":"a","user_id":6})");
    ASSERT_TRUE(contact.contact);
    EXPECT_EQ(contact.contact->phone, "+7");
    EXPECT_EQ(contact.contact->owner, TelegramId(6));
    const Message paid = read(R"(,"successful_payment":{"currency":"XTR", "total_amount":5})");
    EXPECT_EQ(paid.payment, R"({"currency":"XTR","total_amount":5})");
    EXPECT_FALSE(paid.refunded);
    EXPECT_FALSE(paid.service);
    EXPECT_TRUE(read(R"(,"refunded_payment":{"currency":"XTR"})").refunded);
    EXPECT_TRUE(read(R"(,"pinned_message":{"message_id":1})").service);
    EXPECT_FALSE(read(R"(,"location":{"latitude":1.5,"longitude":2})").service);
}

TEST(Update, ReadsCallbacksPreCheckoutsAndMemberships) {
    const auto callback = parse_update(R"({"update_id":1,"callback_query":{"id":"c","chat_instance":"i","data":"m:1",)" + person +
                                       R"(,"message":{"message_id":5,"date":0,)" + chat + "}}}");
    ASSERT_TRUE(callback);
    const auto& c = std::get<Callback>(callback->what);
    EXPECT_EQ(c.data, "m:1");
    EXPECT_EQ(c.message, MessageId(5));
    EXPECT_EQ(callback->person()->id, TelegramId(5'000'000'000));
    const auto old = parse_update(R"({"update_id":1,"callback_query":{"id":"c","chat_instance":"i",)" + person + "}}");
    EXPECT_FALSE(std::get<Callback>(old->what).chat);
    const auto checkout =
        parse_update(R"({"update_id":1,"pre_checkout_query":{"id":"p","currency":"XTR","total_amount":250,"invoice_payload":"o",)" + person + "}}");
    EXPECT_EQ(std::get<PreCheckout>(checkout->what).amount, 250);
    const auto member = [&](std::string status, std::string type) {
        return parse_update(R"({"update_id":1,"my_chat_member":{"date":1,"chat":{"id":5,"type":")" + type + R"("},)" + person +
                            R"(,"old_chat_member":{},"new_chat_member":{"status":")" + status + R"("}}})");
    };
    EXPECT_TRUE(std::get<Membership>(member("kicked", "private")->what).blocked);
    EXPECT_FALSE(std::get<Membership>(member("member", "private")->what).blocked);
    EXPECT_TRUE(std::holds_alternative<Other>(member("kicked", "group")->what)) << "being removed from a group is nobody's blocking";
}

TEST(Update, WhatDoesNotReadBecomesOtherAndIsStillAnswered) {
    const std::string broken[] = {
        message(R"(,"text":5)"),
        message(R"(,"voice":{"file_id":"v"})"),
        message(R"(,"photo":[5])"),
        R"({"update_id":10,"message":{)" + person + "," + chat + "}}",
    };
    for (const std::string& json : broken) {
        SCOPED_TRACE(json);
        const auto update = parse_update(json);
        ASSERT_TRUE(update);
        ASSERT_TRUE(std::holds_alternative<Other>(update->what));
        EXPECT_EQ(update->chat()->id, ChatId(5'000'000'000));
        EXPECT_EQ(update->person()->id, TelegramId(5'000'000'000));
        EXPECT_EQ(update->raw, json);
    }
    const std::string unknown[] = {
        R"({"update_id":1})",
        R"({"update_id":1,"poll":{}})",
        R"({"update_id":1,"message":{}})",
        R"({"update_id":1,"message":{"chat":5}})",
        R"({"update_id":1,"callback_query":{}})",
        R"({"update_id":1,"callback_query":{"id":"1"}})",
        R"({"update_id":1,"pre_checkout_query":{}})",
        R"({"update_id":1,"my_chat_member":{}})",
        R"({"update_id":1,"message":7})",
        R"({"update_id":1,"channel_post":{"message_id":1,"chat":{"id":-1001,"type":"channel"}}})",
        R"({"update_id":1,"message":{"message_id":1,"chat":{"id":"5","type":"private"},"from":{"id":1.5}}})",
        R"({"update_id":1,"message":{"message_id":1,"chat":{"id":5,"type":"secret"}}})",
    };
    for (const std::string& json : unknown) {
        SCOPED_TRACE(json);
        const auto update = parse_update(json);
        ASSERT_TRUE(update);
        EXPECT_TRUE(std::holds_alternative<Other>(update->what));
        EXPECT_EQ(update->person(), nullptr);
    }
}

TEST(Update, WhatIsNoUpdateIsNothing) {
    for (const auto* json : {"", "{", "[]", "5", "{}", R"({"update_id":"1"})", R"({"update_id":1.5})", "{\"update_id\":1} x", "\xff"})
        EXPECT_FALSE(parse_update(json)) << json;
}

TEST(Update, ReadsTheAnswerOfGetUpdates) {
    const auto updates = parse_updates(R"({"ok":true,"result":[{"update_id": 1},7,)" + message(R"(,"text":"a")") + "]}");
    ASSERT_TRUE(updates);
    ASSERT_THAT(*updates, SizeIs(2));
    EXPECT_EQ((*updates)[0].raw, R"({"update_id":1})");
    EXPECT_EQ(std::get<Message>((*updates)[1].what).text, "a");
    EXPECT_FALSE(parse_updates(R"({"ok":true,"result":true})"));
    EXPECT_FALSE(parse_updates("<html>"));
}

TEST(Update, EveryPrefixOfAnUpdateIsReadWithoutHarm) {
    const std::string json = message(R"(,"text":"Привет","photo":[{"file_id":"s","file_unique_id":"u","width":90,"height":90}])");
    for (std::size_t size = 0; size < json.size(); ++size) EXPECT_FALSE(parse_update(std::string_view(json).substr(0, size)));
}

}  // namespace
}  // namespace persona::telegram

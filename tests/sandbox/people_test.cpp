#include "sandbox/people/people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "world.hpp"

namespace persona::sandbox {
namespace {

using test::SmallWorld;
using testing::HasSubstr;

// The last update that waits for the bot.
json::object last_update(SmallWorld& w) {
    const auto& all = w.bot.updates.all();
    return all.empty() ? json::object() : json::parse(all.rbegin()->second.body).as_object();
}

TEST(SandboxPeople, APressIsACallbackQueryWithTheMessage) {
    SmallWorld w;
    const auto markup = json::parse(R"({"inline_keyboard":[[{"text":"A","callback_data":"a"},{"text":"B","url":"https://b.c"}]]})");
    const auto id = integer_of(w.result("sendMessage", w.to_chat({{"text", "menu"}, {"reply_markup", markup}})).as_object(), "message_id");
    const auto pressed = w.people.press(w.bot, w.chat, {{"message_id", id}, {"text", "A"}}, w.now).value();
    const auto query = last_update(w).at("callback_query").as_object();
    EXPECT_EQ(query.at("data"), "a");
    EXPECT_EQ(query.at("id"), pressed.at("callback_query_id"));
    EXPECT_EQ(query.at("message").at("message_id"), id);
    EXPECT_EQ(query.at("from").at("id"), w.chat.value);

    EXPECT_EQ(w.error("answerCallbackQuery", {{"callback_query_id", pressed.at("callback_query_id")}}), "ok");
    EXPECT_THAT(w.error("answerCallbackQuery", {{"callback_query_id", pressed.at("callback_query_id")}}), HasSubstr("query is too old"));

    const auto late = w.people.press(w.bot, w.chat, {{"message_id", id}, {"row", 0}, {"column", 0}}, w.now).value();
    w.now += 150s;
    EXPECT_THAT(w.error("answerCallbackQuery", {{"callback_query_id", late.at("callback_query_id")}}), HasSubstr("query is too old"));
}

TEST(SandboxPeople, OnlyWhatIsShownCanBePressed) {
    SmallWorld w;
    const auto id = w.sent("plain");
    EXPECT_EQ(w.people.press(w.bot, w.chat, {{"message_id", id}, {"text", "A"}}, w.now).error(), "the message has no inline keyboard");
    EXPECT_EQ(w.people.press(w.bot, w.chat, {{"message_id", 999}, {"text", "A"}}, w.now).error(), "no such message");
    EXPECT_TRUE(w.people.press(w.bot, w.chat, {{"message_id", id}, {"data", "old"}, {"force", true}}, w.now));
}

TEST(SandboxPeople, SpeaksOnlyInChatsOfTheirOwn) {
    SmallWorld w;
    const auto other = w.world.put_user({TelegramId(0), "Bob", "", "", "en", ""}).id;
    EXPECT_GT(other.value, std::int64_t{1} << 32);
    EXPECT_EQ(w.people.write(w.bot, w.chat, {{"text", "a"}, {"from", other.value}}, w.now).error(), "from is not the person of this chat");
    const auto group = w.world.put_group({ChatId(0), "Team", {other}}).id;
    EXPECT_EQ(w.people.write(w.bot, group, {{"text", "a"}, {"from", w.chat.value}}, w.now).error(), "from is not a member of the group");
    ASSERT_TRUE(w.people.write(w.bot, group, {{"text", "a"}, {"from", other.value}}, w.now));
    EXPECT_EQ(last_update(w).at("message").at("chat").at("type"), "group");
    EXPECT_EQ(w.error("sendMessage", {{"chat_id", group.value}, {"text", "hi"}}), "ok");
}

TEST(SandboxPeople, BlockingIsToldAndForbidsWriting) {
    SmallWorld w;
    ASSERT_TRUE(w.people.block(w.bot, w.chat, true, w.now));
    EXPECT_EQ(last_update(w).at("my_chat_member").at("new_chat_member").at("status"), "kicked");
    EXPECT_EQ(w.error("sendMessage", w.to_chat({{"text", "a"}})), "403 Forbidden: bot was blocked by the user");
    w.say("back");
    EXPECT_EQ(w.error("sendMessage", w.to_chat({{"text", "a"}})), "ok");
}

TEST(SandboxPeople, AnAlbumIsOneUpdateAPhotoWithOneGroup) {
    SmallWorld w;
    const auto before = w.bot.updates.size();
    const std::vector<Upload> files(3, {"f", "a.jpg", "image/jpeg", "bytes"});
    const auto sent = w.people.send_files(w.bot, w.chat, {{"kind", "photo"}, {"caption", "three"}}, files, w.now).value();
    EXPECT_EQ(w.bot.updates.size(), before + 3);
    EXPECT_EQ(sent.at(0).at("media_group_id"), sent.at(2).at("media_group_id"));
    EXPECT_EQ(sent.at(0).at("caption"), "three");
    EXPECT_FALSE(sent.at(1).as_object().contains("caption"));
    EXPECT_FALSE(w.people.send_files(w.bot, w.chat, {{"kind", "photo"}}, std::vector<Upload>(11), w.now));
    EXPECT_FALSE(w.people.send_files(w.bot, w.chat, {{"kind", "hologram"}}, files, w.now));
}

TEST(SandboxPeople, AOneTimeKeyboardClosesWithItsUse) {
    SmallWorld w;
    const auto keyboard = json::parse(R"({"keyboard":[[{"text":"Yes"}]],"one_time_keyboard":true})");
    w.result("sendMessage", w.to_chat({{"text", "?"}, {"reply_markup", keyboard}}));
    EXPECT_TRUE(w.world.conversation(w.bot, w.chat)->keyboard.is_object());
    w.say("Yes");
    EXPECT_TRUE(w.world.conversation(w.bot, w.chat)->keyboard.is_null());
}

struct Payment : SmallWorld {
    std::int64_t invoice = integer_of(result("sendInvoice", to_chat({{"title", "t"},
                                                                     {"description", "d"},
                                                                     {"payload", "order-1"},
                                                                     {"currency", "XTR"},
                                                                     {"prices", json::parse(R"([{"label":"l","amount":80}])")}}))
                                          .as_object(),
                                      "message_id");
    std::string ask() { return std::string(text_of(people.pay(bot, chat, {{"message_id", invoice}}, now).value(), "pre_checkout_query_id")); }
};

TEST(SandboxPeople, PaysOnlyAfterTheBotAgreed) {
    Payment w;
    const auto id = w.ask();
    const auto query = last_update(w).at("pre_checkout_query").as_object();
    EXPECT_EQ(query.at("invoice_payload"), "order-1");
    EXPECT_EQ(query.at("total_amount"), 80);
    EXPECT_EQ(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", id}, {"ok", true}}), "ok");
    const auto paid = last_update(w).at("message").at("successful_payment").as_object();
    EXPECT_EQ(paid.at("invoice_payload"), "order-1");
    // The same invoice may be paid again, with another charge.
    EXPECT_EQ(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", w.ask()}, {"ok", true}}), "ok");
    EXPECT_NE(last_update(w).at("message").at("successful_payment").at("telegram_payment_charge_id"), paid.at("telegram_payment_charge_id"));

    const json::object refund{{"user_id", w.chat.value}, {"telegram_payment_charge_id", paid.at("telegram_payment_charge_id")}};
    EXPECT_EQ(w.error("refundStarPayment", refund), "ok");
    EXPECT_EQ(w.error("refundStarPayment", refund), "400 Bad Request: CHARGE_ALREADY_REFUNDED");
    EXPECT_EQ(w.error("refundStarPayment", {{"user_id", w.chat.value}, {"telegram_payment_charge_id", "x"}}), "400 Bad Request: CHARGE_NOT_FOUND");
}

TEST(SandboxPeople, TheStarsOfTheBotAreItsPaymentsWithoutTheRefunded) {
    Payment w;
    for (int i = 0; i < 2; ++i) EXPECT_EQ(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", w.ask()}, {"ok", true}}), "ok");
    const auto list = [&](json::object params) { return w.result("getStarTransactions", std::move(params)).at("transactions").as_array(); };
    const auto paid = list({});
    ASSERT_EQ(paid.size(), 2U);
    EXPECT_EQ(paid.at(0).at("source").at("invoice_payload"), "order-1");
    EXPECT_EQ(w.result("getMyStarBalance", {}).at("amount"), 160);
    w.result("refundStarPayment", {{"user_id", w.chat.value}, {"telegram_payment_charge_id", paid.at(0).at("id")}});
    const auto refund = list({{"offset", 2}}).at(0).as_object();
    EXPECT_EQ(refund.at("id"), paid.at(0).at("id"));
    EXPECT_TRUE(refund.contains("receiver"));
    EXPECT_FALSE(refund.contains("source"));
    EXPECT_EQ(list({{"limit", 1}}).size(), 1U);
    EXPECT_EQ(w.result("getMyStarBalance", {}).at("amount"), 80);
}

TEST(SandboxPeople, AnInvoicesOwnKeyboardBeginsWithThePayButton) {
    Payment w;
    const auto send = [&](const char* markup) {
        return w.error("sendInvoice", w.to_chat({{"title", "t"},
                                                 {"description", "d"},
                                                 {"payload", "p"},
                                                 {"currency", "XTR"},
                                                 {"prices", json::parse(R"([{"label":"l","amount":1}])")},
                                                 {"reply_markup", json::parse(markup)}}));
    };
    EXPECT_EQ(send(R"({"inline_keyboard":[[{"text":"Pay","pay":true}],[{"text":"No","callback_data":"n"}]]})"), "ok");
    EXPECT_EQ(send(R"({"inline_keyboard":[[{"text":"No","callback_data":"n"}]]})"), "400 Bad Request: REPLY_MARKUP_BUY_EMPTY");
}

TEST(SandboxPeople, ARefusedOrLateCheckoutPaysNothing) {
    Payment w;
    const auto refused = w.ask();
    const auto updates = w.bot.updates.size();
    EXPECT_EQ(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", refused}, {"ok", false}}),
              "400 Bad Request: error_message can't be empty");
    EXPECT_EQ(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", refused}, {"ok", false}, {"error_message", "sold out"}}), "ok");
    const auto late = w.ask();
    w.now += 11s;
    EXPECT_THAT(w.error("answerPreCheckoutQuery", {{"pre_checkout_query_id", late}, {"ok", true}}), HasSubstr("query is too old"));
    EXPECT_EQ(w.bot.updates.size(), updates + 1);
}

}  // namespace
}  // namespace persona::sandbox

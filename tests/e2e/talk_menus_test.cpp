// M1 to M8: menus, hints and pressed buttons, by long poll.
#include <map>

#include "talk.hpp"

namespace persona::e2e {
namespace {

struct Menus : Talk<Menus> {
    static Options options() { return {.worker = false}; }
};

const std::string main_menu = "🤖 Бизнес-ассистент|🖼 Работа с фото|👤 Личный кабинет|⚙️ Настройки|❓ Помощь";
const std::string assistant_menu = "🎤 Аудио|📄 Текстовый транскрипт|💬 Диалог|🗂 История|⬅️ Назад";
const std::string photo_menu = "✨ Улучшить фото|🧑‍🎨 ИИ фотограф|⬅️ Назад";
const std::string photographer_menu = "🖼 Мои аватары|🖼 Образы|⬅️ Назад";
const std::string avatars_menu = "📷 Создать аватар|👁 Просмотреть аватары|⬅️ Назад";
const std::string back = "⬅️ Назад";
// Longer than chatter: as a transcript it would be taken.
const std::string long_text = "Иван: добрый день, коллеги, начинаем. Мария: отчёт готов, отправлю до пятницы, остальное обсудим завтра утром.";

struct Walk {
    std::string says, keyboard;
};
void walk(Person& person, const std::vector<Walk>& steps) {
    for (const auto& [says, keyboard] : steps) {
        person.says(says).hears("");
        EXPECT_EQ(person.keyboard(), keyboard) << "after " << says;
    }
}

TEST_F(Menus, M1_StartAndMainMenuLeaveEveryMode) {
    for (const char* way : {"/start", "Главное меню", "Main menu", "Меню"}) {
        Person anna(home());
        anna.says("📄 Текстовый транскрипт").hears("текстовый файл");
        anna.says(way).hears("");
        EXPECT_EQ(anna.keyboard(), main_menu) << way;
        anna.says(long_text).hears("Не понял");  // and not taken as a transcript
        EXPECT_EQ(anna.sql("SELECT count(*) FROM jobs WHERE user_id=$"), "0");
    }
}

TEST_F(Menus, M2_EveryMenuOffersWhatItMust) {
    Person anna(home());
    walk(anna, {{"/start", main_menu},
                {"🤖 Бизнес-ассистент", assistant_menu},
                {"Главное меню", main_menu},
                {"🖼 Работа с фото", photo_menu},
                {"🧑‍🎨 ИИ фотограф", photographer_menu},
                {"🖼 Мои аватары", avatars_menu}});
}

TEST_F(Menus, M3_BackIsOneLevelAndEndsAtTheMainMenu) {
    Person anna(home());
    walk(anna, {{"🖼 Мои аватары", avatars_menu}, {back, photographer_menu}, {back, photo_menu}, {back, main_menu}, {back, main_menu}});
    walk(anna, {{"🎤 Аудио", back}, {back, assistant_menu}, {"📄 Текстовый транскрипт", back}, {back, assistant_menu}, {back, main_menu}});
}

TEST_F(Menus, M7_WhatIsNotUnderstoodGetsAHintAndTheMenu) {
    const json::object strange[] = {{{"text", "абракадабра"}},
                                    {{"text", "/unknown"}},
                                    {{"text", "/admin"}},
                                    {{"text", std::string(4096, 'a')}},
                                    {{"sticker", "👍"}},
                                    {{"contact", true}},
                                    {{"location", json::object{{"latitude", 55.75}, {"longitude", 37.61}}}},
                                    {{"content", json::object{{"dice", json::object{{"emoji", "🎲"}, {"value", 4}}}}}}};
    for (const auto& content : strange) {
        Person anna(home());
        const auto hint = content.contains("contact") ? "номер не сохранён" : "Не понял";
        anna.does(content).hears(hint);
        EXPECT_EQ(anna.keyboard(), main_menu) << json::serialize(content);
        EXPECT_EQ(anna.sql("SELECT phone FROM users WHERE id=$"), "");
    }
}

TEST_F(Menus, M7_TenStickersAreOneHint) {
    Person anna(home());
    anna.says("🤖 Бизнес-ассистент").hears("Бизнес-ассистент");
    for (int i = 0; i < 10; ++i) anna.does({{"sticker", "👍"}});
    anna.says("/balance").hears("Доступно");
    EXPECT_EQ(anna.heard("Не понял"), 1);
    EXPECT_EQ(anna.keyboard(), assistant_menu);
}

// How often each callback query was answered.
std::map<std::string, int> answers(Installation& home) {
    std::map<std::string, int> out;
    for (const auto& call : home.calls("answerCallbackQuery")) ++out[std::string(call.at("params").at("callback_query_id").as_string())];
    return out;
}

TEST_F(Menus, M8_EveryPressIsAnsweredOnce) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    const auto sent = home().bot_api(
        "sendMessage", {{"chat_id", anna.id()}, {"text", "Сообщение прежнего бота"}, {"reply_markup", button("Старая кнопка", "noop")}});
    const auto old = sent.at("message_id").to_number<std::int64_t>();
    const auto before = answers(home()).size();
    const std::string pressed[] = {"noop",
                                   "avatar_gallery_prev",
                                   "gallery_delete:3",
                                   "style_7",
                                   "emotion:smile",
                                   "delete_error",
                                   "hist:0",
                                   "hist:-1",
                                   "hist:99999999999",
                                   "doc:",
                                   "doc:summary:",
                                   "doc:summary:AAAAAAAAAAAAAAAAAAAAAA",
                                   "rec:not an id",
                                   "stop:AAAAAAAAAAAAAAAA",
                                   std::string(64, 'x')};
    for (const auto& data : pressed) anna.presses(old, data).is_answered();
    anna.says("/balance").hears("Доступно");
    const auto counted = answers(home());
    EXPECT_EQ(counted.size(), before + std::size(pressed));
    for (const auto& [id, times] : counted) EXPECT_EQ(times, 1) << id;
}

// The message is gone, its button was still under a thumb: Telegram sends the callback with an inaccessible message or none.
TEST_F(Menus, M8_APressOnADeletedMessageIsAnsweredOnce) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    const auto before = answers(home()).size();
    const json::object from{{"id", anna.id()}, {"is_bot", false}, {"first_name", "Анна"}, {"language_code", "ru"}};
    const json::object gone{{"message_id", 77}, {"date", 0}, {"chat", json::object{{"id", anna.id()}, {"type", "private"}, {"first_name", "Анна"}}}};
    home().update({{"callback_query", json::object{{"id", "1111"}, {"from", from}, {"chat_instance", "1"}, {"data", "hist:0"}, {"message", gone}}}});
    home().update(
        {{"callback_query", json::object{{"id", "2222"}, {"from", from}, {"chat_instance", "1"}, {"data", "noop"}, {"inline_message_id", "abc"}}}});
    home().update({{"callback_query", json::object{{"id", "3333"}, {"from", from}, {"chat_instance", "1"}, {"game_short_name", "chess"}}}});
    ASSERT_TRUE(eventually([&] { return answers(home()).size() == before + 3; }));
    anna.says("/balance").hears("Доступно");
    for (const auto& [id, times] : answers(home())) EXPECT_EQ(times, 1) << id;
}

TEST_F(Menus, M11_HelpNamesThePricesOfTheConfiguration) {
    Person anna(home());
    const auto help = Person::text(anna.says("❓ Помощь").hears(""));
    for (const char* part : {"5.00", "10 минут", "0.50", "20 МБ"}) EXPECT_TRUE(help.contains(part)) << part << " in " << help;
}

}  // namespace
}  // namespace persona::e2e

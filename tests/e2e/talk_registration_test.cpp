// R1 to R11: who is known, and what they have, by long poll.
#include "support/temporary_folder.hpp"
#include "talk.hpp"

namespace persona::e2e {
namespace {

struct Registration : Talk<Registration> {
    static Options options() { return {.worker = false}; }
};

// Users, balances, states and rows of the ledger.
std::string rows_of(Person& person) {
    return person.sql(
        "SELECT (SELECT count(*) FROM users WHERE id=$)||' '||(SELECT count(*) FROM user_balances WHERE user_id=$)||' '||"
        "(SELECT count(*) FROM user_states WHERE user_id=$)||' '||(SELECT count(*) FROM transactions WHERE user_id=$)");
}
constexpr const char* registered_once = "1 1 1 1";

std::string coins_of(Person& person) { return person.sql("SELECT coins FROM user_balances WHERE user_id=$"); }

TEST_F(Registration, R1_StartMakesOneUserBalanceAndState) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    EXPECT_EQ(anna.keyboard(), "🤖 Бизнес-ассистент|🖼 Работа с фото|👤 Личный кабинет|⚙️ Настройки|❓ Помощь");
    EXPECT_EQ(rows_of(anna), registered_once);
}

TEST_F(Registration, R2_TenMoreStartsChangeNothing) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    for (int i = 0; i < 10; ++i) anna.says("/start").hears("Главное меню");
    EXPECT_EQ(rows_of(anna), registered_once);
    EXPECT_EQ(coins_of(anna), "100.00");
}

TEST_F(Registration, R4_AButtonAsFirstActionIsCarriedOut) {
    Person anna(home());
    anna.says("🤖 Бизнес-ассистент").hears("Бизнес-ассистент");
    EXPECT_TRUE(anna.keyboard().contains("🎤 Аудио")) << anna.keyboard();
    EXPECT_EQ(rows_of(anna), registered_once);
}

TEST_F(Registration, R4_AVoiceMessageAsFirstActionIsTaken) {
    const TemporaryFolder folder;
    Person anna(home());
    anna.sends("voice", folder.file("voice.ogg", "OggS and what follows")).hears("Файл получен");
    EXPECT_EQ(rows_of(anna), registered_once);
    EXPECT_EQ(anna.sql("SELECT count(*) FROM jobs WHERE user_id=$ AND kind='probe'"), "1");
}

TEST_F(Registration, R4_APhotoAsFirstActionIsAnswered) {
    const TemporaryFolder folder;
    Person anna(home());
    anna.sends("photo", folder.file("photo.jpg", "\xff\xd8\xff\xe0 and what follows")).hears("Что сделать с этим фото");
    EXPECT_EQ(rows_of(anna), registered_once);
}

TEST_F(Registration, R4_AButtonOfTheOldBotAsFirstActionIsAnswered) {
    Person anna(home());
    for (const bool blocked : {true, false})  // opens the chat without a word
        home().sandbox("POST", "/sandbox/chats/" + anna.key() + "/block", json::object{{"blocked", blocked}});
    const auto old =
        home().bot_api("sendMessage", {{"chat_id", anna.id()}, {"text", "Фото 1 из 3"}, {"reply_markup", button("Далее", "avatar_gallery_next:2")}});
    EXPECT_EQ(rows_of(anna), "0 0 0 0");
    anna.presses(old.at("message_id").to_number<std::int64_t>(), "avatar_gallery_next:2").hears("Этого черновика больше нет");
    EXPECT_EQ(anna.heard("Этого черновика больше нет"), 1);
    EXPECT_EQ(rows_of(anna), registered_once);
}

TEST_F(Registration, R5_TheWelcomeIsOneRowOfTheLedger) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    EXPECT_EQ(coins_of(anna), "100.00");
    EXPECT_EQ(anna.sql("SELECT string_agg(type||amount, ',') FROM transactions WHERE user_id=$"), "bonus100.00");
}

TEST_F(Registration, R6_TheProfileFollowsTelegram) {
    Person anna(home());
    const std::string path = "/sandbox/users/" + anna.key();
    home().sandbox("PATCH", path, json::object{{"username", "anna_a"}});
    anna.says("/start").hears("Анна");
    EXPECT_EQ(anna.sql("SELECT username||' '||first_name FROM users WHERE id=$"), "anna_a Анна");
    const auto born = anna.sql("SELECT created_at FROM users WHERE id=$");
    home().sandbox("PATCH", path, json::object{{"username", ""}, {"first_name", "Мария'); --"}});
    anna.says("/start").hears("Главное меню");
    EXPECT_EQ(anna.sql("SELECT coalesce(username, '')||'|'||first_name FROM users WHERE id=$"), "|Мария'); --");
    EXPECT_EQ(anna.sql("SELECT created_at FROM users WHERE id=$"), born);
}

TEST_F(Registration, R7_IdsAbove2To32AreExactInEverySection) {
    Person anna(home(), 5'000'000'000), beside(home(), 5'000'000'000 - (std::int64_t{1} << 32));
    beside.says("/start").hears("Анна");
    struct Section {
        const char *says, *hears;
    };
    for (const auto [says, hears] : {Section{"/start", "Анна"},
                                     {"🤖 Бизнес-ассистент", "Бизнес-ассистент"},
                                     {"🎤 Аудио", "голосовое"},
                                     {"/history", "нет обработанных файлов"},
                                     {"/balance", "Доступно"},
                                     {"🖼 Работа с фото", "Работа с фото"},
                                     {"🧑‍🎨 ИИ фотограф", "ИИ фотограф"},
                                     {"🖼 Мои аватары", "Мои аватары"},
                                     {"⚙️ Настройки", "Настройки"},
                                     {"/help", "Что я умею"},
                                     {"/cancel", "Отмен"}})
        anna.says(says).hears(hears);
    EXPECT_EQ(rows_of(anna), registered_once);
    EXPECT_EQ(anna.sql("SELECT telegram_id FROM users WHERE id=$"), "5000000000");
    EXPECT_EQ(beside.heard(), 1);
}

TEST_F(Registration, R11_AGroupLearnsNothingOfAPerson) {
    Person known(home()), unknown(home());
    known.says("🎤 Аудио").hears("голосовое");
    const auto state = known.sql("SELECT version FROM user_states WHERE user_id=$");
    const auto group = home().group("Планёрка", {known.id(), unknown.id()});
    const auto seq = home().say(group, "🤖 Бизнес-ассистент", unknown.id());
    home().wait(group, seq, "только в личных");
    for (const char* text : {"/balance", "/start", "/history", "⬅️ Назад"}) home().say(group, text, known.id());
    const auto last = home().update({{"message", json::object{{"message_id", 1000},
                                                              {"date", 1'790'000'000},
                                                              {"chat", json::object{{"id", group}, {"type", "group"}, {"title", "Планёрка"}}},
                                                              {"from", json::object{{"id", known.id()}, {"is_bot", false}, {"first_name", "Анна"}}},
                                                              {"text", "Настройки"}}}});
    ASSERT_TRUE(eventually([&] { return home().sql("SELECT count(*) FROM processed_updates WHERE update_id=" + std::to_string(last)) == "1"; }));
    known.says("⬅️ Назад").hears("Бизнес-ассистент");  // the private chat is where it was
    EXPECT_EQ(known.sql("SELECT version >> 20 FROM user_states WHERE user_id=$"), std::to_string((std::stoll(state) >> 20) + 1));
    EXPECT_EQ(rows_of(unknown), "0 0 0 0");
    int said = 0;
    for (const auto& message : home().messages(group)) said += Person::from_bot(message);
    EXPECT_EQ(said, 1);
}

struct WithoutWelcome : Talk<WithoutWelcome> {
    static Options options() { return {.variables = {{"INITIAL_BALANCE", "0"}}, .worker = false}; }
};

TEST_F(WithoutWelcome, R5_NothingIsCreditedAndNoRowIsMade) {
    Person anna(home());
    anna.says("/start").hears("Анна");
    EXPECT_EQ(rows_of(anna), "1 1 1 0");
    EXPECT_EQ(coins_of(anna), "0.00");
}

}  // namespace
}  // namespace persona::e2e

// A17 to A24, M1, M4, M9: gender, name, the card with its price, and the order. Two photos are enough here.
#include <signal.h>

#include <future>

#include "atelier.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* secret = "e2e_webhook_secret-2";

// Neither price nor number is the default: no constant can pass for them.
Options wizard_options() {
    Options out =
        unhurried({{"AVATAR_MIN_PHOTOS", "2"}, {"AVATAR_CREATION_COST", "12.34"}, {"INITIAL_BALANCE", "56.78"}, {"TELEGRAM_WEBHOOK_SECRET", secret}});
    out.webhook = true;
    return out;
}

const std::string fifty = [] {  // characters, each of several bytes; the last ones of several code points
    std::string out;
    for (int i = 0; i < 40; ++i) out += "ж";
    for (int i = 0; i < 5; ++i) out += "👩🏽‍🚀";
    for (int i = 0; i < 5; ++i) out += "🇷🇺";
    return out;
}();

struct AvatarWizard : AtelierTalk<AvatarWizard> {
    static Options options() { return wizard_options(); }
    void SetUp() override {
        AtelierTalk::SetUp();
        if (!home().bot().running()) home().bot().start();
    }

    static json::object asks_gender(Person& anna) {
        begins(anna);
        return press(anna, gathers(anna, 0, 2, 2), "✅ Продолжить").hears("Кто на фото?");
    }
    static void asks_name(Person& anna) { press(anna, asks_gender(anna), "👩 Женщина").hears("Введите имя для вашего аватара:"); }
    static json::object confirms(Person& anna, const std::string& name = "Анна") {
        begins(anna);
        return reaches_confirm(anna, gathers(anna, 0, 2, 2), name);
    }
};

TEST_F(AvatarWizard, A17_TheGenderIsOneOfTwo) {
    Person anna(home());
    const auto question = asks_gender(anna);
    anna.says("кот").hears("Выберите: 👨 Мужчина или 👩 Женщина.");
    anna.presses(id_of(question), "avatar_type_robot");
    EXPECT_EQ(toast(anna), "Выберите: 👨 Мужчина или 👩 Женщина.");
    press(anna, question, "👨 Мужчина").hears("Введите имя для вашего аватара:");
    EXPECT_THAT(words(anna.says("Пётр").hears("Проверьте")), HasSubstr("Пол: мужчина"));
}

TEST_F(AvatarWizard, A18_BlanksAreNoName) {
    Person anna(home());
    asks_name(anna);
    for (const char* blank : {"\u00A0", "\u2003\u2003", "\u3000\u00A0"}) anna.says(blank).hears("Имя не может быть пустым. Введите имя для аватара:");
    EXPECT_EQ(anna.heard("Имя не может быть пустым"), 3);
    anna.says("\u2003 Анна \u00A0 Мария ").hears("Имя: Анна Мария\n");
}

TEST_F(AvatarWizard, A19_FiftyCharactersAreNotFiftyBytes) {
    Person anna(home());
    asks_name(anna);
    anna.says(fifty + "ж").hears("Имя длиннее 50 знаков");
    anna.says(std::string(51, 'x')).hears("Имя длиннее 50 знаков");
    anna.says(fifty).hears("Имя: " + fifty + "\n");
}

TEST_F(AvatarWizard, A20_ANameIsShownAsItIs) {
    const std::string name = "<i>A&B_*";
    Person anna(home());
    const auto confirm = confirms(anna, name);
    EXPECT_THAT(words(confirm), HasSubstr("Имя: " + name + "\n"));
    const auto ready = press(anna, confirm, "✅ Создать аватар").hears("✅ Ваш аватар готов!", 60);
    EXPECT_THAT(words(ready), HasSubstr("«" + name + "»"));
    const auto card = anna.says(view_label).hears("🧑 " + name + "\n");
    for (const auto* message : {&confirm, &ready, &card})
        for (const char* entities : {"entities", "caption_entities"}) EXPECT_FALSE(message->contains(entities)) << words(*message);
    EXPECT_THAT(words(press(anna, card, "🗑 Удалить").hears("Вы уверены")), HasSubstr("«" + name + "»"));
}

TEST_F(AvatarWizard, A21_A22_TheCardShowsWhatIsConfiguredAndCanBeChanged) {
    Person anna(home());
    const auto first = confirms(anna);
    EXPECT_THAT(words(first), AllOf(HasSubstr("Имя: Анна\nПол: женщина\nФото: 2"), HasSubstr("стоит 12.34 🪙, на счёте 56.78 🪙")));
    EXPECT_TRUE(first.contains("photo"));
    const auto question = press(anna, first, "✏️ Изменить").hears("Кто на фото?");
    gone(anna, id_of(first));
    press(anna, question, "👨 Мужчина").hears("Введите имя");
    const auto second = anna.says("Пётр").hears("Проверьте");
    EXPECT_THAT(words(second), HasSubstr("Имя: Пётр\nПол: мужчина\nФото: 2"));
    anna.sql("SELECT wallet_post($, -6.78, 'adjustment', 'adjustment:a21:' || $, 'adjustment', 'spent')");
    press(anna, second, "✏️ Изменить").hears("Кто на фото?");
    anna.says("👩 Женщина").hears("Введите имя");
    EXPECT_THAT(words(anna.says("Мария").hears("Проверьте")), HasSubstr("на счёте 50.00 🪙"));
    EXPECT_EQ(stored(anna), "2");
}

TEST_F(AvatarWizard, A23_WhereCoinsAreMissingNothingIsHeldAndTheDraftStays) {
    Person anna(home());
    const auto card = confirms(anna);
    anna.sql("SELECT wallet_post($, -50, 'adjustment', 'adjustment:a23:' || $, 'adjustment', 'spent')");
    const auto refusal = press(anna, card, "✅ Создать аватар").hears("Не хватает 5.56 🪙: нужно 12.34 🪙, доступно 6.78 🪙.");
    EXPECT_NE(data_of(refusal, "➕ Пополнить"), "");
    EXPECT_EQ(bill(anna), "0 holds 0 charges 6.78 0.00");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM jobs WHERE user_id=$ AND kind='train'"), "0");
    EXPECT_EQ(avatar(anna), "draft");
    EXPECT_EQ(stored(anna), "2");
    anna.sql("SELECT wallet_post($, 10, 'adjustment', 'adjustment:a23-again:' || $, 'adjustment', 'given')");
    press(anna, card, "✅ Создать аватар").hears("✅ Ваш аватар готов!", 60);
    EXPECT_EQ(bill(anna), "1 holds 1 charges 4.44 0.00");
}

// M4: what a step is left by, and whether the draft outlives it.
TEST_F(AvatarWizard, M4_EveryStepIsLeftByBackAndByCancel) {
    struct Step {
        const char* name;
        std::function<void(Person&)> reach;
    };
    const Step steps[]{{"photos", [](Person& p) { begins(p), p.sends("photo", photos().good(0)).hears("Фото 1 из 1"); }},
                       {"gender", [](Person& p) { asks_gender(p); }},
                       {"name", [](Person& p) { asks_name(p); }},
                       {"confirm", [](Person& p) { confirms(p); }}};
    for (const Step& step : steps)
        for (const bool back : {true, false}) {
            SCOPED_TRACE(std::string(step.name) + (back ? " back" : " cancel"));
            Person anna(home());
            step.reach(anna);
            const auto said = words(anna.says(back ? "⬅️ Назад" : "✖️ Отменить").hears("Создание аватара отменено."));
            EXPECT_THAT(said, HasSubstr(back ? "Черновик сохранён на 30 дней" : "Фото черновика удалены."));
            EXPECT_EQ(anna.keyboard(), "📷 Создать аватар|👁 Просмотреть аватары|⬅️ Назад");
            EXPECT_EQ(drafts(anna), back ? "1" : "0");
            if (!back) EXPECT_EQ(stored(anna), "0");
            anna.says("⬅️ Назад").hears("ИИ фотограф");
            EXPECT_EQ(bill(anna), "0 holds 0 charges 56.78 0.00");
        }
}

TEST_F(AvatarWizard, M1_StartLeavesTheWizardAndAPhotoAfterItIsNotForTheDraft) {
    struct Way {
        const char *words, *answer;
    };
    for (const auto& [way, answer] : {Way{"/start", "56.78"}, Way{"Главное меню", "Главное меню"}}) {
        Person anna(home());
        begins(anna);
        anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
        anna.says(way).hears(answer);
        anna.sends("photo", photos().good(1)).hears("🖼 Что сделать с этим фото?");
        EXPECT_EQ(stored(anna), "1") << way;
    }
}

// One person in each step, and one who has just ordered.
TEST_F(AvatarWizard, M9_KilledBetweenTheStepsItGoesOnWhereItWas) {
    Person empty(home()), photos_there(home()), asked(home()), unnamed(home()), named(home()), ordered(home());
    begins(empty);
    begins(photos_there);
    const auto gallery = gathers(photos_there, 0, 2, 2), question = asks_gender(asked);
    asks_name(unnamed);
    const auto card = confirms(named), order = confirms(ordered);
    press(ordered, order, "✅ Создать аватар").is_answered();
    EXPECT_EQ(home().bot().end(SIGKILL), 128 + SIGKILL);
    home().bot().start();
    gathers(empty, 0, 2, 2);
    press(photos_there, gallery, "✅ Продолжить").hears("Кто на фото?");
    press(asked, question, "👩 Женщина").hears("Введите имя");
    unnamed.says("Анна").hears("Имя: Анна\nПол: женщина\nФото: 2");
    press(named, card, "✅ Создать аватар").hears("✅ Ваш аватар готов!", 60);
    ordered.hears("✅ Ваш аватар готов!", 60);
    for (Person* person : {&named, &ordered}) EXPECT_EQ(bill(*person), "1 holds 1 charges 44.44 0.00");
    for (Person* person : {&empty, &photos_there, &asked, &unnamed}) EXPECT_EQ(avatar(*person) + " " + stored(*person), "draft 2");
}

// The second process takes every other press, all at once.
TEST_F(AvatarWizard, A24_FivePressesOverTwoProcessesAreOneOrder) {
    const int port = free_port();
    const auto second = home().another("second", "bot,api", {{"PERSONA_HTTP", "127.0.0.1:" + std::to_string(port)}});
    second->start();
    const std::string urls[]{home().webhook_url(), "http://127.0.0.1:" + std::to_string(port) + "/telegram/webhook"};
    Person anna(home());
    const auto card = confirms(anna);
    json::object message = card;
    message["chat"] = json::object{{"id", anna.id()}, {"type", "private"}};
    std::vector<std::future<unsigned>> posts;
    for (int i = 0; i < 5; ++i) {
        const json::object query{{"id", std::to_string(77'000 + i)},
                                 {"from", json::object{{"id", anna.id()}, {"is_bot", false}, {"first_name", "Анна"}, {"language_code", "ru"}}},
                                 {"chat_instance", "1"},
                                 {"message", message},
                                 {"data", data_of(card, "✅ Создать аватар")}};
        const std::string body = json::serialize(json::object{{"update_id", 910'000'000 + i}, {"callback_query", query}});
        posts.push_back(std::async(std::launch::async, [body, url = urls[i % 2]] { return home().deliver(body, secret, url).status; }));
    }
    for (auto& post : posts) EXPECT_EQ(post.get(), 200u);
    anna.hears("✅ Ваш аватар готов!", 60);
    EXPECT_EQ(anna.heard("✅ Ваш аватар готов!"), 1);
    EXPECT_EQ(anna.heard("Готово: аватар «Анна» обучается"), 1);
    EXPECT_EQ(bill(anna), "1 holds 1 charges 44.44 0.00");
    EXPECT_EQ(anna.sql("SELECT count(*)||' '||string_agg(state, ',') FROM jobs WHERE user_id=$ AND kind='train'"), "1 done");
    EXPECT_EQ(avatar(anna), "ready");
    EXPECT_EQ(second->end(SIGTERM), 0);
}

}  // namespace
}  // namespace persona::e2e

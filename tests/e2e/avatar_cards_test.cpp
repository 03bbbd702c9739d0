// A32 to A40, C4: ready avatars on their cards, and the portraits that are painted of them.
#include <future>

#include "atelier.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct AvatarCards : AtelierTalk<AvatarCards> {
    static Options options() { return unhurried({{"AVATAR_MIN_PHOTOS", "2"}, {"PERSONA_AVATAR_DELETE_PHOTOS", "true"}, {"PERSONA_WORKERS", "3"}}); }

    static std::vector<std::string> labels(const json::object& message) {
        std::vector<std::string> out;
        for (const Key& key : keys(message)) out.push_back(key.text);
        return out;
    }
    static bool is_jpeg(const json::object& message) {
        const auto& sizes = message.at("photo").as_array();
        return home().download(std::string(sizes.back().at("file_id").as_string())).starts_with("\xFF\xD8\xFF");
    }
    static std::string images(Person& anna) { return anna.sql("SELECT count(*) FROM user_images WHERE user_id=$"); }
};

TEST_F(AvatarCards, A32_WithoutAvatarsItIsSaid) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(view_label).hears("У вас пока нет аватаров. Нажмите '📷 Создать аватар', чтобы начать!");
    begins(anna);
    anna.says(view_label).hears("У вас пока нет аватаров.");
}

TEST_F(AvatarCards, A33_A34_A35_A36_A39_TheCardsOfTwoAvatars) {
    Person anna(home());
    gets_an_avatar(anna, "Анна", 0);
    gets_an_avatar(anna, "Мария", 2);
    EXPECT_EQ(stored(anna), "0") << "A39: only the previews stay";
    auto card = anna.says(view_label).hears("🧑 Анна");
    EXPECT_THAT(words(card),
                AllOf(HasSubstr("Создан: "), HasSubstr("Пол: женщина"), HasSubstr("Статус: готов"), HasSubstr("⭐ Основной"), HasSubstr("(1 из 2)")));
    EXPECT_TRUE(is_jpeg(card));
    EXPECT_EQ(data_of(card, "⭐"), "");
    EXPECT_THAT(words(press(anna, card, "Вперёд ▶️").hears("🧑 Мария")), AllOf(HasSubstr("(2 из 2)"), Not(HasSubstr("⭐"))));
    press(anna, now(anna, card), "Вперёд ▶️").hears("🧑 Анна");
    press(anna, now(anna, card), "⬅️ Назад").hears("🧑 Мария");

    press(anna, now(anna, card), "⭐ Сделать основным").hears("🧑 Мария");
    EXPECT_THAT(words(now(anna, card)), AllOf(HasSubstr("⭐ Основной"), HasSubstr("(1 из 2)")));
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_avatars WHERE user_id=$ AND is_main"), "1");

    press(anna, now(anna, card), "✏️ Имя").hears("Пришлите новое имя для «Мария»");
    anna.says("Маша").hears("теперь это «Маша»");
    anna.says("не имя").hears("Не понял");
    card = anna.says(view_label).hears("🧑 Маша");

    const auto question = press(anna, card, "🗑 Удалить").hears("Вы уверены, что хотите удалить этот аватар? Это действие необратимо.");
    EXPECT_THAT(labels(question), testing::ElementsAre("✅ Да, удалить", "❌ Отмена"));
    card = press(anna, question, "❌ Отмена").hears("🧑 Маша");
    EXPECT_EQ(avatar(anna), "ready,ready");
    press(anna, press(anna, card, "🗑 Удалить").hears("Вы уверены"), "✅ Да, удалить").hears("🧑 Анна");
    card = now(anna, card);
    EXPECT_THAT(words(card), AllOf(HasSubstr("⭐ Основной"), HasSubstr("(1 из 1)")));
    press(anna, press(anna, card, "🗑 Удалить").hears("Вы уверены"), "✅ Да, удалить").hears("У вас пока нет аватаров.");
    EXPECT_EQ(avatar(anna), "");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM avatar_files f LEFT JOIN user_avatars a ON a.id = f.avatar_id WHERE a.id IS NULL"), "0");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM blobs WHERE owner=$"), "0");
}

TEST_F(AvatarCards, A34_PressedAtOnceOneIsMain) {
    Person anna(home());
    for (const char* name : {"Первая", "Вторая", "Третья"}) gets_an_avatar(anna, name, 0);
    const auto card = anna.says(view_label).hears("🧑 Первая");
    const std::string rest = anna.sql("SELECT string_agg(id::text, ' ' ORDER BY number) FROM user_avatars WHERE user_id=$ AND NOT is_main");
    std::vector<std::future<void>> presses;
    for (int i = 0; i < 6; ++i)
        presses.push_back(std::async(std::launch::async,
                                     [&, id = rest.substr(i % 2 ? 37 : 0, 36)] { home().press(anna.id(), id_of(card), "avatar_card_main_" + id); }));
    for (auto& press : presses) press.get();
    anna.says(view_label).hears("(1 из 3)");
    EXPECT_EQ(anna.sql("SELECT count(*) FROM user_avatars WHERE user_id=$ AND is_main"), "1");
    EXPECT_NE(anna.sql("SELECT number FROM user_avatars WHERE user_id=$ AND is_main"), "1");
}

TEST_F(AvatarCards, A33_ALostPreviewIsACardWithoutOne) {
    Person anna(home());
    gets_an_avatar(anna);
    anna.sql("DELETE FROM blobs WHERE name IN (SELECT preview FROM user_avatars WHERE user_id=$)");
    anna.sql("UPDATE user_avatars SET preview = 'lost/' || preview WHERE user_id=$");
    const auto card = anna.says(view_label).hears("🧑 Анна");
    EXPECT_FALSE(card.contains("photo"));
    EXPECT_NE(data_of(card, "🗑 Удалить"), "");
}

TEST_F(AvatarCards, A40_EveryStyleIsShownAndTheMenuIsFoundAgain) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    auto card = anna.says(styles_label).hears("Образ 1 из 11");
    EXPECT_THAT(words(card), HasSubstr("Одно фото — 2.00 🪙, на счёте 100.00 🪙"));
    EXPECT_TRUE(is_jpeg(card));
    press(anna, card, "⬅️ Назад").hears("Образ 11 из 11");
    press(anna, now(anna, card), "Вперёд ▶️").hears("Образ 1 из 11");
    const auto list = press(anna, now(anna, card), "🎭 Стили").hears("🎭 Выберите образ");
    int styles = 0;
    for (const Key& key : keys(list)) {
        if (!key.data.starts_with("style_")) continue;
        const auto shown = anna.presses(id_of(list), key.data).hears(key.text + "\nОбраз " + std::to_string(++styles) + " из 11");
        EXPECT_TRUE(is_jpeg(shown)) << key.text;
    }
    EXPECT_EQ(styles, 11);
    press(anna, now(anna, card), "✨ Создать фото").hears("Для портретов нужен готовый аватар");
    press(anna, now(anna, card), "↩️ Вернуться в меню").hears("🧑‍🎨 ИИ фотограф. Выберите:");
}

TEST_F(AvatarCards, TwoPortraitsArePaintedKeptSharedAndDeleted) {
    Person anna(home());
    const auto ready = gets_an_avatar(anna);
    EXPECT_EQ(bill(anna), "1 holds 1 charges 90.00 0.00");
    const auto list = press(anna, ready, "✨ Создать фото").hears("🎭 Выберите образ");
    press(anna, list, "🕶 Нуар").hears("🕶 Нуар\nОбраз");
    auto order = press(anna, pictures(anna)[0], "✨ Создать фото").hears("🕶 Нуар · «Анна»");
    order = press(anna, order, "2").hears("4.00 🪙, на счёте 90.00 🪙, останется 86.00 🪙");
    order = press(anna, order, "1:1").hears("🕶 Нуар · «Анна»");
    EXPECT_THAT(labels(order), testing::IsSupersetOf({"• 1:1", "• 2", "✨ Создать фото — 4.00 🪙"}));
    press(anna, order, "✨ Создать фото").hears("✅ 🕶 Нуар, «Анна»: 2 фото, списано 4.00 🪙, доступно 86.00 🪙.", 60);
    EXPECT_EQ(bill(anna), "2 holds 2 charges 86.00 0.00");
    const auto painted = pictures(anna);
    for (int i = 0; i < 2; ++i) {
        EXPECT_THAT(words(painted[i]), HasSubstr("🕶 Нуар · «Анна»"));
        EXPECT_TRUE(is_jpeg(painted[i]));
        EXPECT_EQ(painted[i].at("photo").as_array().back().at("width"), painted[i].at("photo").as_array().back().at("height"));
    }
    EXPECT_EQ(images(anna), "2");

    press(anna, painted[0], "⭐ Сохранить");
    EXPECT_EQ(toast(anna), "⭐ Сохранено: найдёте в карточке аватара.");
    EXPECT_TRUE(eventually([&] { return !data_of(now(anna, painted[0]), "⭐ Сохранено").empty(); }));
    EXPECT_EQ(anna.sql("SELECT count(*) FROM blobs b JOIN user_images i ON i.blob = b.name WHERE i.user_id=$ AND b.expires_at IS NULL"), "1");

    const auto file = press(anna, painted[0], "📤 Поделиться").hears("📤 Файл без сжатия");
    EXPECT_TRUE(file_name(file).starts_with("portrait_noir_")) << file_name(file);
    EXPECT_TRUE(content(file).starts_with("\xFF\xD8\xFF"));

    press(anna, painted[1], "🔁 Ещё одно").hears("✅ 🕶 Нуар, «Анна»: 1 фото, списано 2.00 🪙, доступно 84.00 🪙.", 60);
    EXPECT_EQ(images(anna), "3");
    const auto avatar_card = anna.says(view_label).hears("🧑 Анна");
    EXPECT_THAT(words(press(anna, avatar_card, "🖼 Портреты (3)").hears("Портрет 1 из 3")), HasSubstr("🕶 Нуар · «Анна»"));

    press(anna, painted[1], "🗑 Удалить").is_answered();
    EXPECT_TRUE(eventually([&] { return !data_of(now(anna, painted[1]), "❌ Отмена").empty(); }));
    press(anna, now(anna, painted[1]), "✅ Да, удалить");
    gone(anna, id_of(painted[1]));
    EXPECT_EQ(images(anna), "2");
    anna.presses(id_of(painted[0]), data_of(painted[1], "📤 Поделиться"));  // as another device may still show it
    EXPECT_EQ(toast(anna), "Этого фото больше нет.");
    EXPECT_EQ(bill(anna), "3 holds 3 charges 84.00 0.00");
}

TEST_F(AvatarCards, WhereCoinsAreMissingNothingIsPainted) {
    Person anna(home());
    const auto ready = gets_an_avatar(anna);
    anna.sql("SELECT wallet_post($, -89, 'adjustment', 'adjustment:poor:' || $, 'adjustment', 'spent')");
    const auto list = press(anna, ready, "✨ Создать фото").hears("🎭 Выберите образ");
    press(anna, list, "📸 Студия").hears("📸 Студия");
    const auto order = press(anna, pictures(anna)[0], "✨ Создать фото").hears("не хватает 1.00 🪙");
    EXPECT_NE(data_of(order, "➕ Пополнить"), "");
    EXPECT_EQ(data_of(order, "✨ Создать фото"), "");
    std::string forced = data_of(order, "2");
    anna.presses(id_of(order), "pg" + forced.substr(2)).hears("Не хватает 3.00 🪙: нужно 4.00 🪙, доступно 1.00 🪙.");
    EXPECT_EQ(bill(anna), "1 holds 1 charges 1.00 0.00");
}

}  // namespace
}  // namespace persona::e2e

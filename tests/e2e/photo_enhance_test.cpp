// A41 and photos that nobody asked for: each goes where its owner said, and is paid for once.
#include "atelier.hpp"
#include "support/fal_thread.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct PhotoEnhance : AtelierTalk<PhotoEnhance> {
    static Options options() { return unhurried({{"AVATAR_MIN_PHOTOS", "2"}, {"PHOTO_ENHANCE_COST", "4.56"}, {"PERSONA_WORKERS", "3"}}); }

    static json::object offer(Person& anna, int photo = 0) { return anna.sends("photo", photos().good(photo)).hears("🖼 Что сделать с этим фото?"); }
};

// A server that knows nothing of enhancement.
struct PhotoEnhanceBroken : AtelierTalk<PhotoEnhanceBroken> {
    static Options options() {
        static test::FalThread stranger;
        return unhurried({{"PERSONA_ENHANCE_ENGINE", "remote"}, {"PERSONA_ENHANCE_URL", stranger.rest_url()}});
    }
};
struct PhotoEnhanceOff : AtelierTalk<PhotoEnhanceOff> {
    static Options options() { return unhurried({{"PERSONA_ENHANCE_ENGINE", "off"}}); }
};

TEST_F(PhotoEnhance, A41_APhotoIsEnhancedAndNeverLandsInTheDraft) {
    Person anna(home());
    begins(anna);
    anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
    const auto asked = words(anna.says(enhance_label).hears("✨ Пришлите фото"));
    EXPECT_THAT(asked, AllOf(HasSubstr("до 20 МБ"), HasSubstr("4.56 🪙, на счёте 100.00 🪙")));
    anna.sends("photo", photos().good(1)).hears("✅ Фото улучшено: списано 4.56 🪙, доступно 95.44 🪙.", 60);
    EXPECT_THAT(words(pictures(anna)[0]), HasSubstr("Слева — как было, справа — как стало."));
    ASSERT_EQ(documents(anna).size(), 1u);
    const auto file = documents(anna)[0];
    EXPECT_TRUE(file_name(file).starts_with("enhanced_") && file_name(file).ends_with(".jpg")) << file_name(file);
    EXPECT_TRUE(content(file).starts_with("\xFF\xD8\xFF"));
    EXPECT_EQ(stored(anna), "1");
    EXPECT_EQ(bill(anna), "1 holds 1 charges 95.44 0.00");
    // The draft is as it was.
    anna.says(create_label).hears("Фото 1 из 1");
}

TEST_F(PhotoEnhance, A41_WhatIsNoPhotoCostsNothing) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(enhance_label).hears("✨ Пришлите фото");
    anna.sends("photo", photos().file("cut.jpg", read_file(photos().good(0)).substr(0, 9000)))
        .hears("файл повреждён. Пришлите другое.\nНичего не списано.");
    anna.sends("document", photos().made("a.gif"), "photo.jpg").hears("Неподдерживаемый формат");
    EXPECT_EQ(anna.sql("SELECT coins||' '||held FROM user_balances WHERE user_id=$"), "100.00 0.00");
    anna.sql("SELECT wallet_post($, -96, 'adjustment', 'adjustment:poor:' || $, 'adjustment', 'spent')");
    anna.sends("photo", photos().good(0)).hears("Не хватает 0.56 🪙");
    EXPECT_EQ(charges(anna), "0");
}

TEST_F(PhotoEnhance, AnAlbumIsEnhancedPhotoByPhoto) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(enhance_label).hears("✨ Пришлите фото");
    sends_album(anna, photos().good(20, 2));
    EXPECT_TRUE(eventually([&] { return anna.heard("✅ Фото улучшено") == 2; }, 60));
    EXPECT_EQ(documents(anna).size(), 2u);
    EXPECT_EQ(bill(anna), "2 holds 2 charges 90.88 0.00");
}

TEST_F(PhotoEnhance, APhotoWithoutAWordIsOfferedBothWays) {
    Person anna(home());
    const auto old = offer(anna);
    EXPECT_EQ(keys(old).size(), 2u);
    EXPECT_EQ(stored(anna), "0");
    const auto fresh = offer(anna, 1);
    for (const char* way : {"✨ Улучшить — 4.56 🪙", "📷 В новый аватар"}) {
        press(anna, old, way);
        EXPECT_EQ(toast(anna), "Пришлите фото ещё раз: это предложение уже неактуально.");
    }
    press(anna, fresh, "✨ Улучшить").hears("✅ Фото улучшено", 60);
    press(anna, fresh, "📷 В новый аватар");
    EXPECT_EQ(toast(anna), "Пришлите фото ещё раз: это предложение уже неактуально.") << "it was used";
    EXPECT_EQ(drafts(anna), "0");
    press(anna, offer(anna, 2), "📷 В новый аватар").hears("Фото 1 из 1");
    EXPECT_EQ(avatar(anna) + " " + stored(anna), "draft 1");
    anna.sends("photo", photos().good(3)).hears("Фото 2 из 2");  // the wizard it led to takes the next one
    EXPECT_EQ(bill(anna), "1 holds 1 charges 95.44 0.00");
}

TEST_F(PhotoEnhance, AnAlbumWithoutAWordGoesIntoTheDraftWhole) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto offered = sends_album(anna, photos().good(0, 4)).hears("🖼 4 фото. Что с ними сделать?");
    EXPECT_NE(data_of(offered, "✨ Улучшить — 18.24 🪙"), "");
    press(anna, offered, "📷 В новый аватар").hears("✅ Принято 4 фото из 4.", 60);
    EXPECT_EQ(stored(anna), "4");
}

TEST_F(PhotoEnhanceBroken, A41_AServiceThatFailsCostsNothing) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(enhance_label).hears("✨ Пришлите фото");
    anna.sends("photo", photos().good(0)).hears("❌ Ошибка при улучшении фото. Ничего не списано.");
    EXPECT_EQ(bill(anna), "1 holds 0 charges 100.00 0.00");
}

TEST_F(PhotoEnhanceOff, A41_SwitchedOffItSaysSo) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(enhance_label).hears("❌ Ошибка при улучшении фото. Сейчас эта услуга выключена, ничего не списано.");
    const auto offer = anna.sends("photo", photos().good(0)).hears("Что сделать с этим фото?");
    EXPECT_EQ(data_of(offer, "✨ Улучшить"), "");
    EXPECT_NE(data_of(offer, "📷 В новый аватар"), "");
}

}  // namespace
}  // namespace persona::e2e

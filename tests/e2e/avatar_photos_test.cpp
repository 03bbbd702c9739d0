// A1 to A16: what is taken into a draft, what is refused and why, and the gallery of what was taken. Ten photos are needed, twenty fit.
#include "atelier.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::uintmax_t most_bytes = 20 << 20;

struct Avatars : AtelierTalk<Avatars> {
    static Options options() { return unhurried({{"PERSONA_WORKERS", "3"}}); }

    // Refused with these words and a button that takes them away again; nothing is stored.
    static void is_refused(Person& anna, const std::filesystem::path& file, const std::string& reason, const std::string& kind = "photo",
                           const std::string& name = "") {
        SCOPED_TRACE(file.filename().string());
        const std::string before = stored(anna);
        const auto refusal = anna.sends(kind, file, name).hears("⚠️ Фото не принято: ");
        EXPECT_THAT(words(refusal), HasSubstr(reason));
        EXPECT_THAT(words(refusal), Not(AnyOf(HasSubstr("persona"), HasSubstr("vips"), HasSubstr("/"))));
        EXPECT_TRUE(refusal.contains("reply_to_message"));
        EXPECT_EQ(stored(anna), before);
        press(anna, refusal, "Понятно");
        gone(anna, id_of(refusal));
    }
    // An attacker's PNG: its header promises 30000 x 30000 pixels, its body is nothing.
    static std::string promising() {
        return std::string("\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x75\x30\0\0\x75\x30\x08\x02\0\0\0\xE9\x45\x6F\xED", 33) +
               std::string("\0\0\0\x01IDATx\x76\xE6\x84\xE6", 13);
    }
};

TEST_F(Avatars, A1_ADraftAsksForPhotosAndIsOne) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    const auto wanted = words(anna.says(create_label).hears("📷 Новый аватар"));
    EXPECT_THAT(wanted, AllOf(HasSubstr("от 10 до 20"), HasSubstr("JPEG или PNG"), HasSubstr("512x512"), HasSubstr("10.00 🪙"), HasSubstr("100.00")));
    EXPECT_EQ(anna.keyboard(), "✖️ Отменить|⬅️ Назад");
    const auto draft = anna.sql("SELECT id FROM user_avatars WHERE user_id=$ AND state='draft'");
    anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
    for (int i = 0; i < 3; ++i) anna.says(create_label).hears("Продолжаем черновик: 1 фото уже есть.");
    EXPECT_EQ(anna.sql("SELECT string_agg(id::text, ',') FROM user_avatars WHERE user_id=$"), draft);
    EXPECT_EQ(bill(anna), "0 holds 0 charges 100.00 0.00");
}

TEST_F(Avatars, A2_A16_JpegPngAndAFileAreTakenOnceAndTheirMessagesGo) {
    Person anna(home());
    begins(anna);
    struct Sent {
        const char* kind;
        std::filesystem::path file;
    };
    const Sent all[]{{"photo", photos().made("exact.jpg", "scale=512:512")},
                     {"photo", photos().made("exact.png")},
                     {"document", photos().good(0)},
                     {"document", photos().made("named.png", "hflip")}};
    int n = 0;
    for (const auto& [kind, file] : all) {
        const std::string count = std::to_string(++n);
        const auto card = anna.sends(kind, file, n == 4 ? "photo" : "").hears("Фото " + count + " из " + count);
        EXPECT_TRUE(card.contains("photo"));
        EXPECT_THAT(words(card), HasSubstr("Не хватает ещё " + std::to_string(10 - n)));
    }
    EXPECT_TRUE(eventually([&] {
        for (const auto& message : home().messages(anna.id()))
            if (!Person::from_bot(message) && (message.contains("photo") || message.contains("document"))) return false;
        return true;
    })) << "what the person sent is still in the chat";
    EXPECT_EQ(stored(anna), "4");
    EXPECT_EQ(pictures(anna).size(), 1u) << "one card, which moves";
}

TEST_F(Avatars, A3_A4_A5_A6_A7_WhatIsNotTakenIsToldWhy) {
    Person anna(home());
    begins(anna);
    is_refused(anna, photos().made("narrow.jpg", "crop=300:512,scale=511:900"), "Фото слишком маленькое. Минимальное разрешение: 512x512");
    is_refused(anna, photos().padded("large.jpg", most_bytes + 1), "Фото слишком большое. Максимальный размер: 20MB", "document");
    const char* format = "Неподдерживаемый формат. Разрешены: jpg, jpeg, png";
    for (const char* other : {"a.gif", "a.webp", "a.bmp", "a.tiff"}) is_refused(anna, photos().made(other), format, "document", "photo.jpg");
    is_refused(anna,
               photos().file("a.heic", std::string("\0\0\0\x18"
                                                   "ftypheic\0\0\0\0mif1heic",
                                                   24)),
               format, "photo");
    is_refused(anna, photos().file("minutes.jpg", "Это совсем не фото"), format, "document");
    const std::string whole = read_file(photos().good(0));
    is_refused(anna, photos().file("cut.jpg", whole.substr(0, whole.size() / 2)), "файл повреждён");
    is_refused(anna, photos().file("bomb.png", promising()), "слишком много точек", "document");
    is_refused(anna, photos().made("nobody.jpg", "crop=180:180:330:330,scale=600:600"), "не видно лица");
    is_refused(anna, photos().made("far.jpg", "scale=300:300,pad=2000:2000:850:850:gray"), "Лицо слишком мелкое");
    is_refused(anna, photos().made("two.jpg", "split[a][b];[a][b]hstack"), "несколько лиц");
    anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
    is_refused(anna, photos().good(0), "Это фото уже добавлено");
    is_refused(anna, photos().good(0), "Это фото уже добавлено", "document", "other.png");
    anna.sends("document", photos().padded("exact.jpg", most_bytes)).hears("Фото 2 из 2", 60);
    EXPECT_EQ(stored(anna), "2");
}

TEST_F(Avatars, A6_TheSamePhotoIsTakenIntoAnotherAvatar) {
    Person anna(home());
    begins(anna);
    anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
    anna.sql("UPDATE user_avatars SET state='failed' WHERE user_id=$");
    anna.says(create_label).hears("📷 Новый аватар");
    anna.sends("photo", photos().good(0)).hears("Фото 1 из 1");
    EXPECT_EQ(avatar(anna), "failed,draft");
    EXPECT_EQ(stored(anna), "2");
}

TEST_F(Avatars, A9_AnAlbumIsTakenInOrderWithOneCardAndEachRefusalOnce) {
    Person anna(home());
    begins(anna);
    Files album = photos().good(0, 10);
    album[3] = photos().made("narrow.jpg", "crop=300:512,scale=511:900");
    album[6] = photos().file("minutes.jpg", "Это совсем не фото");
    sends_album(anna, album).hears("✅ Принято 8 фото из 10.", 60);
    EXPECT_EQ(anna.heard("Фото не принято"), 2);
    EXPECT_EQ(anna.heard("слишком маленькое"), 1);
    EXPECT_EQ(anna.heard("Неподдерживаемый формат"), 1);
    ASSERT_EQ(pictures(anna).size(), 1u);
    EXPECT_THAT(words(pictures(anna)[0]), AllOf(HasSubstr("Фото 8 из 8"), HasSubstr("Не хватает ещё 2")));
    // The sizes grow from photo to photo: so does what is stored.
    EXPECT_EQ(anna.sql("SELECT string_agg(position::text, ',' ORDER BY position) FROM avatar_photos WHERE user_id=$"), "1,2,3,4,5,6,7,8");
    EXPECT_EQ(anna.sql("SELECT bool_and(bytes > before) FROM (SELECT b.bytes, lag(b.bytes, 1, 0::bigint) OVER (ORDER BY p.position) AS before FROM "
                       "avatar_photos p JOIN blobs b ON b.name = p.original WHERE p.user_id=$ AND p.position IN (1, 4, 8)) AS s"),
              "t");
}

TEST_F(Avatars, A8_A12_A13_A14_TheGallery) {
    Person anna(home());
    begins(anna);
    auto nine = gathers(anna, 0, 9, 9);
    EXPECT_THAT(words(nine), HasSubstr("Не хватает ещё 1 фото."));
    EXPECT_EQ(data_of(nine, "✅ Продолжить"), "");
    anna.presses(id_of(nine), "avatar_gallery_continue");
    EXPECT_EQ(toast(anna), "Нужно не меньше 10 фото, не хватает 1.");
    const auto ten = anna.sends("photo", photos().good(9)).hears("Фото 10 из 10");
    EXPECT_NE(data_of(ten, "✅ Продолжить"), "");
    EXPECT_THAT(words(ten), HasSubstr("добавить ещё 10"));

    // Around both ends; faster than a photo can be looked at it does not turn.
    auto card = press(anna, ten, "Вперёд ▶️").hears("Фото 1 из 10");
    press(anna, card, "⬅️ Назад");
    EXPECT_EQ(toast(anna), "Слишком быстро!");
    EXPECT_THAT(words(now(anna, card)), HasSubstr("Фото 1 из 10"));
    const auto rested = [&](const json::object& from, const char* key) {
        EXPECT_TRUE(eventually([&] { return press(anna, from, key), toast(anna) != "Слишком быстро!"; }));
    };
    rested(card, "⬅️ Назад");
    card = anna.hears("Фото 10 из 10");

    // A8: full, by an album that is too long, and then by one more.
    const auto full = gathers(anna, 10, 10, 20);
    EXPECT_THAT(words(full), HasSubstr("Можно продолжать."));
    anna.sends("photo", photos().good(20)).hears("Достигнут лимит фото (20). Удалите лишние фото, чтобы добавить новые.");
    EXPECT_EQ(stored(anna), "20");
    anna.sql("DELETE FROM avatar_photos WHERE user_id=$ AND position > 19");
    sends_album(anna, {photos().good(20), photos().good(21)}).hears("Достигнут лимит фото (20)");
    EXPECT_EQ(stored(anna), "20");

    // A14: the button of a message that is older than the removal.
    anna.sql("DELETE FROM avatar_photos WHERE user_id=$ AND position > 10");
    card = anna.says(create_label).hears("Фото 10 из 10");
    const auto left = press(anna, card, "🗑 Удалить фото").hears("Фото 9 из 9");
    EXPECT_EQ(data_of(left, "✅ Продолжить"), "");
    anna.presses(id_of(ten), "avatar_gallery_continue");
    EXPECT_EQ(toast(anna), "Нужно не меньше 10 фото, не хватает 1.");
    EXPECT_EQ(anna.heard("Кто на фото?"), 0);
}

TEST_F(Avatars, A8_TwentyAreTwentyHoweverManyComeAtOnce) {
    Person anna(home());
    begins(anna);
    gathers(anna, 0, 10, 10);
    gathers(anna, 10, 8, 18);
    for (int i = 18; i < 22; ++i) home().send(anna.id(), "photo", photos().good(i));
    anna.hears("Фото 20 из 20", 60);
    EXPECT_TRUE(eventually([&] { return anna.heard("Достигнут лимит фото (20)") == 2; }));
    EXPECT_EQ(stored(anna), "20");
}

}  // namespace
}  // namespace persona::e2e

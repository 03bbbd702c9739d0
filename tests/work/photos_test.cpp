// From photos at Telegram to a draft's gallery: what is taken, what is refused, and how it is said.
#include <fstream>

#include "darkroom.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Photos : WorkTest {
    // A photo that is refused for this reason, and leaves nothing.
    static Task<void> refused(Studio& s, std::string content, std::string reason) {
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, {std::move(content)});
        co_await s.until_said(reason);
        co_await s.until_quiet();
        EXPECT_EQ(s.texts(), std::vector{"⚠️ Фото не принято: " + reason});
        EXPECT_EQ(buttons_of(s, reason), "ok:");
        EXPECT_THAT(co_await photos_of(s, draft), IsEmpty());
        EXPECT_THAT(cards(s), IsEmpty());
        EXPECT_THAT(unsaid(s), IsEmpty());
        EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "0");
        co_await s.act({EraseAvatar{draft.value}});
    }
};

std::string of_file(std::string_view name) {
    std::ifstream in(places::data() / "media" / name, std::ios::binary);
    return {std::istreambuf_iterator(in), {}};
}

TEST_F(Photos, A2_APhotoIsStoredOnceShownAndTakenFromTheChat) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId draft = co_await begin_draft(s);
        const auto picture = media::scene(1, 512, 512);
        co_await send_photos(s, draft, {media::jpeg_of(picture)});
        co_await s.until_quiet();
        co_await send_photos(s, draft, {media::png({.width = 512, .height = 600, .depth = 8, .colour = 2}, [](std::string& out, int x, int y) {
                                 out += {static_cast<char>(x * y), static_cast<char>(x), static_cast<char>(y)};
                             })});
        co_await s.until_quiet();
        const auto there = co_await photos_of(s, draft);
        EXPECT_THAT(there, SizeIs(2));
        EXPECT_THAT(cards(s), SizeIs(2));
        EXPECT_THAT(cards(s)[0], AllOf(HasSubstr("Фото 1 из 1\n"), HasSubstr("Не хватает ещё 9 фото."), HasSubstr("avatar_gallery_delete:")));
        EXPECT_THAT(cards(s)[1], AllOf(HasSubstr("Фото 2 из 2\n"), HasSubstr("avatar_gallery_next:" + compact(there[1].id))));
        EXPECT_EQ(s.telegram.count("sendPhoto"), 1u) << "one card, changed by what comes";
        EXPECT_EQ(s.telegram.count("editMessageMedia"), 1u);
        EXPECT_THAT(unsaid(s), ElementsAre(201, 202));
        EXPECT_THAT(s.texts(), IsEmpty());
        EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "6") << "as sent, for the model, small: of each";
    });
}

TEST_F(Photos, A13_WithTheTenthTheCardLetsOneGoOn) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId draft = co_await draft_with(s, 9);
        EXPECT_THAT(cards(s).back(), AllOf(HasSubstr("Фото 9 из 9\nНе хватает ещё 1 фото."), Not(HasSubstr("avatar_gallery_continue"))));
        co_await send_photos(s, draft, {photo(1)});
        co_await s.until_quiet();
        EXPECT_THAT(cards(s).back(), AllOf(HasSubstr("Фото 10 из 10\nМожно продолжать"), HasSubstr("avatar_gallery_continue")));
    });
}

TEST_F(Photos, A3_TooSmallByEitherSideIsRefused) {
    for (const auto& [width, height] : {std::pair(511, 900), std::pair(900, 511)})
        with([&](Studio& s) -> Task<void> {
            s.hire();
            co_await refused(s, photo(1, width, height), "Фото слишком маленькое. Минимальное разрешение: 512x512");
        });
}

TEST_F(Photos, A4_ExactlyTheLimitIsTakenAndOneByteMoreIsNot) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        std::string content = photo(1);
        content.resize(20 << 20);  // nothing that a reader looks at
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, {content});
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(1));
        content += 'x';
        co_await send_photos(s, draft, {std::move(content)});
        co_await s.until_said("Фото слишком большое. Максимальный размер: 20MB");
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(1));
        EXPECT_THAT(unsaid(s), ElementsAre(201));
    });
}

TEST_F(Photos, A4_WhatTelegramItselfFindsTooBigIsSaidAlike) {
    with([](Studio& s) -> Task<void> {
        s.telegram.always["getFile"] = [](const telegram::test::Asked&) -> Task<http::Response> {
            co_return telegram::test::BotApiServer::refuse(400, "Bad Request: file is too big");
        };
        s.hire();
        co_await refused(s, photo(1), "Фото слишком большое. Максимальный размер: 20MB");
    });
}

TEST_F(Photos, A5_ByItsContentNotByItsName) {
    const std::string heic(
        "\0\0\0\x18"
        "ftypheic\0\0\0\0mif1heic",
        24);
    for (const std::string& content : {of_file("picture.gif"), of_file("picture.webp"), of_file("picture.bmp"), heic, std::string("just words")})
        with([&](Studio& s) -> Task<void> {
            s.hire();
            co_await refused(s, content, "Неподдерживаемый формат. Разрешены: jpg, jpeg, png");
        });
}

TEST_F(Photos, A6_TheSameBytesAreRefusedHereAndTakenByAnotherAvatar) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId first = co_await draft_with(s);
        co_await send_photos(s, first, {photo(100)});
        co_await s.until_said("⚠️ Фото не принято: Это фото уже добавлено");
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, first), SizeIs(few_photos));
        co_await order_training(s, first);
        co_await s.until_quiet();
        const AvatarId second = co_await begin_draft(s);
        co_await send_photos(s, second, {photo(100), photo(100)});
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, second), SizeIs(1)) << "also within one album";
        EXPECT_EQ(times_said(s, "Это фото уже добавлено"), 2u);
    });
}

TEST_F(Photos, FacesDecideWithAReasonOfTheirOwn) {
    struct Case {
        std::function<void(std::vector<ai::Face>&)> change;
        const char* reason;
    };
    const std::vector<Case> cases{
        {[](auto& faces) { faces.clear(); }, "На фото не видно лица. Пришлите снимок, где лицо хорошо видно."},
        {[](auto& faces) { faces.push_back(faces[0]); }, "На фото несколько лиц. Нужен снимок, где вы одни: обрежьте фото или выберите другое."},
        {[](auto& faces) { faces[0].width = faces[0].height = 90; }, "Лицо слишком мелкое. Подойдёт снимок по плечи или по пояс."},
        {[](auto& faces) { faces[0].left = -60; }, "Лицо обрезано краем. Пришлите снимок, где оно видно целиком."}};
    for (const Case& c : cases)
        with([&](Studio& s) -> Task<void> {
            s.atelier.faces = [&](const media::Picture& picture) {
                auto faces = one_face(picture);
                c.change(faces);
                return faces;
            };
            s.hire();
            co_await refused(s, photo(1), c.reason);
            s.atelier.rule = FaceRule::ignored;
            const AvatarId draft = co_await begin_draft(s);
            co_await send_photos(s, draft, {photo(1)});
            co_await s.until_quiet();
            EXPECT_THAT(co_await photos_of(s, draft), SizeIs(1)) << "where the operator does not ask for a face";
        });
}

TEST_F(Photos, NearlyTheSameIsNamedAndTaken) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId draft = co_await draft_with(s);
        co_await send_photos(s, draft, {media::jpeg_of(media::scene(101, 512, 512), 60)});
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(few_photos + 1));
        EXPECT_THAT(cards(s).back(), HasSubstr("💡 Фото 3 — почти то же, что фото 2"));
        EXPECT_THAT(s.texts(), Not(Contains(HasSubstr("не принято"))));
    });
}

TEST_F(Photos, WhatWouldBeBetterIsAdvisedAndTheyAreTaken) {
    const auto with_light = [](double light) {
        auto picture = media::scene(1, 512, 512);
        for (auto& one : picture.rgb) one = static_cast<std::uint8_t>(std::min(255.0, one * light));
        return media::jpeg_of(picture);
    };
    const std::vector<std::pair<std::string, std::string>> cases{{media::jpeg_of(media::corners(512, 512)), "💡 Фото 1: снимок размыт"},
                                                                 {with_light(0.1), "💡 Фото 1: лицо тёмное"},
                                                                 {with_light(9), "💡 Фото 1: лицо пересвечено"}};
    for (const auto& [content, advice] : cases)
        with([&](Studio& s) -> Task<void> {
            s.hire();
            const AvatarId draft = co_await begin_draft(s);
            co_await send_photos(s, draft, {content});
            co_await s.until_quiet();
            EXPECT_THAT(co_await photos_of(s, draft), SizeIs(1));
            EXPECT_THAT(cards(s).back(), HasSubstr(advice));
        });
}

}  // namespace
}  // namespace persona::bot

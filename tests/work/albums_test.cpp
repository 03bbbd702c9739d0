// Albums, hostile files, and a worker or a draft that goes away meanwhile.
#include <atomic>

#include "darkroom.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct Albums : WorkTest {
    static std::vector<std::string> album(unsigned first, int count) {
        std::vector<std::string> out;
        for (int i = 0; i < count; ++i) out.push_back(photo(first + static_cast<unsigned>(i)));
        return out;
    }
    // Likenesses stand for photos: they are of the pixels.
    static std::vector<media::Likeness> likenesses(const std::vector<avatars::Photo>& photos) {
        std::vector<media::Likeness> out;
        for (const auto& one : photos) out.push_back(one.likeness);
        return out;
    }
    static media::Likeness likeness(unsigned seed) { return media::likeness_of(media::scene(seed, 512, 512)); }
    // From the `nth` download on nothing comes, until the test mends it.
    static std::function<void()> stall(Studio& s, int nth, bool& reached) {
        const auto mended = s.telegram.always["getFile"];
        auto times = std::make_shared<int>(0);
        s.telegram.always["getFile"] = [&reached, mended, times, nth](const telegram::test::Asked& asked) -> Task<http::Response> {
            if (++*times < nth) co_return co_await mended(asked);
            reached = true;
            co_await pause(1h);
            co_return http::Response{};
        };
        return [&s, mended] { s.telegram.always["getFile"] = mended; };
    }
};

constexpr const char* full = "Достигнут лимит фото (20). Удалите лишние фото, чтобы добавить новые.";

TEST_F(Albums, A9_EightOfTenAreStoredInOrderWithTwoRefusalsAndOneCard) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId draft = co_await begin_draft(s);
        auto sent = album(1, 10);
        sent[2] = photo(3, 300, 300);
        sent[7] = "just words";
        co_await send_photos(s, draft, sent);
        co_await s.until_quiet();
        const auto there = co_await photos_of(s, draft);
        std::vector<media::Likeness> sent_order;
        for (const unsigned seed : {1u, 2u, 4u, 5u, 6u, 7u, 9u, 10u}) sent_order.push_back(likeness(seed));
        EXPECT_THAT(there, SizeIs(8));
        for (std::size_t i = 0; i < there.size(); ++i) EXPECT_LE(media::distance(there[i].likeness, sent_order[i]), media::alike) << i;
        EXPECT_EQ(times_said(s, "не принято"), 2u);
        EXPECT_EQ(times_said(s, "Фото слишком маленькое"), 1u);
        EXPECT_EQ(times_said(s, "Неподдерживаемый формат"), 1u);
        EXPECT_THAT(cards(s), ElementsAre(HasSubstr("Фото 8 из 8")));
        EXPECT_THAT(unsaid(s), ElementsAre(201, 202, 204, 205, 206, 207, 209, 210));
        EXPECT_THAT(s.texts(), Contains("✅ Принято 8 фото из 10."));
    });
}

TEST_F(Albums, A8_TwentyStayHoweverMoreComes) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        s.hire();
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, album(1, 18));
        co_await send_photos(s, draft, album(31, 4));
        co_await send_photos(s, draft, album(41, 3));
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(20));
        EXPECT_EQ(times_said(s, full), 2u) << "once for each album, not for each photo";
        EXPECT_THAT(s.texts(), AllOf(Contains("✅ Принято 2 фото из 4."), Contains("⚠️ Ни одно фото не подошло.")));
        co_await send_photos(s, draft, {photo(51)});
        co_await s.until_quiet();
        EXPECT_EQ(times_said(s, full), 3u);
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(20));
        EXPECT_THAT(cards(s).back(), HasSubstr("Фото 20 из 20\nМожно продолжать. |"));
    });
}

TEST_F(Albums, A8_AfterAKilledWorkerTooThereAreNoMoreThanMayBe) {
    with([](Studio& s) -> Task<void> {
        s.around.limits.most_photos = 3;
        bool reached = false;
        const auto mend = stall(s, 3, reached);
        const AvatarId draft = co_await begin_draft(s);
        Hired& slow = s.hire();
        co_await send_photos(s, draft, album(1, 2));
        co_await s.until_quiet();
        co_await send_photos(s, draft, album(11, 2));
        co_await s.until([&] { return reached; }, "the third download");
        co_await s.kill(slow);
        mend();
        s.hire();
        co_await send_photos(s, draft, album(21, 2));
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(3));
        EXPECT_GE(times_said(s, "Достигнут лимит фото (3)."), 1u);
    });
}

TEST_F(Albums, A7_HostileFilesAreRefusedKindlyAndTheNextIsTaken) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId draft = co_await begin_draft(s);
        const std::string sound = photo(1);
        co_await send_photos(s, draft,
                             {sound.substr(0, sound.size() / 2), media::resized_header(sound, 30000, 30000),
                              media::png_of_zeros({.width = 30000, .height = 30000, .depth = 8, .colour = 2}),
                              media::png_header({.width = 2000, .height = 2000, .depth = 8, .colour = 6}), std::string("\xFF\xD8\xFF", 3), sound});
        co_await s.until_quiet();
        EXPECT_EQ(times_said(s, "Не получается открыть фото: файл повреждён. Пришлите другое."), 3u);
        EXPECT_EQ(times_said(s, "В фото слишком много точек. Уменьшите его и пришлите снова."), 2u);
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(1));
        for (const char* internal : {"persona-picture", "vips", "30000", "/"}) EXPECT_FALSE(s.said(internal)) << internal;
    });
}

TEST_F(Albums, A9_AWorkerKilledInTheMiddleLeavesNothingTwice) {
    with([](Studio& s) -> Task<void> {
        bool reached = false;
        const auto mend = stall(s, 3, reached);
        Hired& first = s.hire();
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, album(1, 4));
        co_await s.until([&] { return reached; }, "the third photo");
        co_await s.kill(first);
        mend();
        EXPECT_THAT(co_await photos_of(s, draft), IsEmpty()) << "an album is taken whole";
        s.hire();
        co_await s.until_quiet();
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(4));
        EXPECT_THAT(cards(s), ElementsAre(HasSubstr("Фото 4 из 4")));
        EXPECT_THAT(unsaid(s), ElementsAre(201, 202, 203, 204));
        EXPECT_FALSE(s.said("не принято"));
    });
}

TEST_F(Albums, ADraftThatIsGoneIsSaidAndTheLiveMessageEnds) {
    with([](Studio& s) -> Task<void> {
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, album(1, 2));
        co_await s.act({EraseAvatar{draft.value}});
        s.hire();
        co_await s.until_said("Этого черновика больше нет.");
        co_await s.until_quiet();
        EXPECT_THAT(s.texts(), ElementsAre("checking", HasSubstr("Этого черновика больше нет.")));
        EXPECT_EQ(s.telegram.count("editMessageText"), 1u) << "in place of the words that it is being checked";
    });
}

TEST_F(Albums, ADraftThatGoesMeanwhileTakesNothingAndSaysSo) {
    for (const bool deleted : {true, false})
        with([&](Studio& s) -> Task<void> {
            std::atomic<bool> waits = false;
            Gate gate;
            s.hire();
            const AvatarId draft = co_await draft_with(s);
            s.atelier.faces = [&](const media::Picture& picture) {
                waits = true;
                gate.stand();
                return one_face(picture);
            };
            co_await send_photos(s, draft, {photo(1), "just words"});
            co_await s.until([&] { return waits.load(); }, "a photo in hand");
            if (deleted)
                co_await s.act({EraseAvatar{draft.value}});
            else
                co_await s.act({SubmitAvatar{draft.value, 0, "Photographer", few_photos}});
            gate.open();
            co_await s.until_said("Этого черновика больше нет.");
            co_await s.until_quiet();
            EXPECT_THAT(co_await photos_of(s, draft), SizeIs(deleted ? 0 : few_photos));
            EXPECT_FALSE(s.said("Пришлите его ещё раз")) << "nobody waits for it";
            EXPECT_EQ(s.texts().front(), "checking");
            EXPECT_EQ(s.telegram.count("editMessageText"), 2u) << "the live messages of both albums ended";
        });
}

TEST_F(Albums, ATelegramThatDoesNotAnswerIsAskedAgain) {
    with([](Studio& s) -> Task<void> {
        s.telegram.once["getFile"].push_back(telegram::test::BotApiServer::refuse(502, "Bad Gateway"));
        s.hire();
        const AvatarId draft = co_await begin_draft(s);
        co_await send_photos(s, draft, album(1, 2));
        co_await hurry_until_quiet(s);
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(2));
        s.telegram.always["getFile"] = [](const telegram::test::Asked&) -> Task<http::Response> {
            co_return telegram::test::BotApiServer::refuse(502, "Bad Gateway");
        };
        co_await send_photos(s, draft, album(11, 2));
        co_await hurry_until_quiet(s);
        EXPECT_EQ(times_said(s, "⚠️ Фото не принято: Не получилось проверить фото. Пришлите его ещё раз."), 2u);
        EXPECT_THAT(s.texts(), Contains("⚠️ Ни одно фото не подошло."));
        EXPECT_THAT(co_await photos_of(s, draft), SizeIs(2));
    });
}

}  // namespace
}  // namespace persona::bot

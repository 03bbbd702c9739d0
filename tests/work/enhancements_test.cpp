// Photos made better (A41): delivered whole, shown before and after, free when they are not.
#include "darkroom.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* charged_once = "97.00 coins, 0.00 held; charged 1, voided 0; no avatar";
constexpr const char* voided_once = "100.00 coins, 0.00 held; charged 0, voided 1; no avatar";
constexpr const char* failed = "❌ Ошибка при улучшении фото. Ничего не списано.";

struct Enhancements : WorkTest {
    static Task<void> free(Studio& s, std::string words) {
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ(times_said(s, words), 1u) << testing::PrintToString(s.texts());
        EXPECT_EQ(s.documents_sent(), 0u);
        EXPECT_THAT(cards(s), IsEmpty());
        EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "0");
    }
};

TEST_F(Enhancements, A41_DeliveredWholeAndShownBeforeAndAfter) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await order_enhancement(s, photo(1, 300, 200));
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_THAT(cards(s), ElementsAre(HasSubstr("Слева — как было, справа — как стало.")));
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_THAT(s.texts(), Contains("✅ Фото улучшено: списано 3.00 🪙, доступно 97.00 🪙.").Times(1));
        EXPECT_EQ(co_await s.ask({"test.images", "SELECT count(*) || ' ' || count(avatar_id) FROM user_images"}), "1 0") << "of no avatar";
        EXPECT_THAT(unsaid(s), IsEmpty()) << "the person's own photo stays";
    });
}

TEST_F(Enhancements, A41_AFileThatDoesNotFitIsRefusedAndFree) {
    const std::string sound = photo(1);
    const std::vector<std::pair<std::string, std::string>> cases{
        {"just words", "Неподдерживаемый формат. Разрешены: jpg, jpeg, png\nНичего не списано."},
        {sound.substr(0, sound.size() / 2), "Не получается открыть фото: файл повреждён. Пришлите другое.\nНичего не списано."},
        {media::resized_header(sound, 30000, 30000), "В фото слишком много точек. Уменьшите его и пришлите снова.\nНичего не списано."},
        {sound + std::string((20 << 20) + 1 - sound.size(), '\0'), "Фото слишком большое. Максимальный размер: 20MB\nНичего не списано."}};
    for (const auto& [content, words] : cases)
        with([&](Studio& s) -> Task<void> {
            s.hire();
            co_await order_enhancement(s, content);
            co_await s.until_quiet();
            co_await free(s, words);
            EXPECT_EQ(s.retoucher.times, 0);
        });
}

TEST_F(Enhancements, A41_AnEngineThatFailsIsToldAndFree) {
    for (const bool passes : {true, false})
        with([&](Studio& s) -> Task<void> {
            s.retoucher.mend = [&](const media::Picture&, int) { return std::unexpected(ai::EnhanceError{passes, "HTTP 500 at engine.internal"}); };
            s.hire();
            co_await order_enhancement(s, photo(1));
            co_await hurry_until_quiet(s);
            EXPECT_EQ(s.retoucher.times, passes ? 3 : 1);
            co_await free(s, failed);
            EXPECT_FALSE(s.said("engine.internal"));
        });
}

TEST_F(Enhancements, A41_AnEngineThatFailsTwiceIsAskedAThirdTime) {
    with([](Studio& s) -> Task<void> {
        s.retoucher.mend = [](const media::Picture& picture, int time) -> Retoucher::Answer {
            return time < 3 ? Retoucher::Answer(std::unexpected(ai::EnhanceError{true, "busy"})) : picture;
        };
        s.hire();
        co_await order_enhancement(s, photo(1));
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(s.documents_sent(), 1u);
    });
}

TEST_F(Enhancements, A41_SwitchedOffMeanwhileItIsFree) {
    with([](Studio& s) -> Task<void> {
        s.atelier.enhance = nullptr;
        s.hire();
        co_await order_enhancement(s, photo(1));
        co_await s.until_quiet();
        co_await free(s, failed);
    });
}

TEST_F(Enhancements, A41_AFileThatTelegramDoesNotGiveIsFree) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await order_enhancement_of(s, "a file that is gone");
        co_await s.until_quiet();
        co_await free(s, failed);
    });
}

TEST_F(Enhancements, KilledHalfWayItIsDeliveredOnce) {
    with([](Studio& s) -> Task<void> {
        bool reached = false;
        const auto mended = s.telegram.always["getFile"];
        s.telegram.always["getFile"] = [&](const telegram::test::Asked&) -> Task<http::Response> {
            reached = true;
            co_await pause(1h);
            co_return http::Response{};
        };
        Hired& first = s.hire();
        co_await order_enhancement(s, photo(1));
        co_await s.until([&] { return reached; }, "the download");
        co_await s.kill(first);
        s.telegram.always["getFile"] = mended;
        s.hire();
        s.hire();
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(s.documents_sent(), 1u);
    });
}

TEST_F(Enhancements, CancelledItIsFree) {
    with([](Studio& s) -> Task<void> {
        s.telegram.always["getFile"] = [](const telegram::test::Asked&) -> Task<http::Response> {
            co_await pause(1h);
            co_return http::Response{};
        };
        s.hire();
        const Uuid job = co_await order_enhancement(s, photo(1));
        co_await s.until([&] { return s.telegram.count("getFile") > 0; }, "the download");
        co_await s.act({CancelJob{job}});
        co_await s.until_said("✖️ Отменено. Ничего не списано.");
        co_await s.until_quiet();
        co_await free(s, "✖️ Отменено.");
    });
}

TEST_F(Enhancements, APanoramaThatTelegramCannotShowIsDeliveredAsAFileAlone) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await order_enhancement(s, photo(1, 1200, 50));
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_THAT(cards(s), IsEmpty());
    });
}

}  // namespace
}  // namespace persona::bot

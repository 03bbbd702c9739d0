// What a person sees of a recording while it is worked on, and what is left of it when it is stopped or fails in the middle.
#include "bot/work/draft.hpp"
#include "bot/work/progress.hpp"
#include "studio.hpp"

namespace persona::bot {
namespace {

using testing::HasSubstr;

constexpr const char* paid_once = "95.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1";
constexpr const char* void_once = "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 0, documents 0";

struct InTheMiddle : WorkTest {};

// Stands in the piece of this number until told to go on.
struct Standing {
    Standing(Studio& s, std::size_t piece) {
        s.ears.before = [this, piece](const ai::Segment& segment, int time) {
            if (segment.index != piece || time != 1) return;
            reached = true;
            gate.stand();
        };
    }
    Gate gate;
    std::atomic<bool> reached = false;
};

Task<void> cancel_in_piece(Studio& s, std::size_t piece) {
    Standing standing(s, piece);
    s.hire();
    const Uuid id = co_await s.send_file(spoken(3));
    co_await s.until([&] { return standing.reached.load(); }, "the piece");
    std::vector<Effect> effects{CancelJob{transcribe_job(id)}};
    co_await s.act(std::move(effects));
    standing.gate.open();  // however soon the rest is heard, and however late the worker hears of the cancel
    co_await s.until_quiet();
}

TEST_F(InTheMiddle, CancelledBeforeAnythingWasHeardItCostsNothing) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment&, int) { throw Unavailable("not yet"); };
        s.hire();
        const Uuid id = co_await s.send_file(spoken(3));
        co_await s.until([&] { return !s.ears.heard().empty(); }, "the first piece");
        std::vector<Effect> effects{CancelJob{transcribe_job(id)}};
        co_await s.act(std::move(effects));
        co_await s.until_quiet();
        EXPECT_TRUE(s.said("✖️ Отменено. Ничего не списано."));
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_EQ(s.documents_sent(), 0u);
    });
}

TEST_F(InTheMiddle, CancelledInTheMiddleWhatIsDoneIsDeliveredAndChargedFor) {
    with([](Studio& s) -> Task<void> {
        co_await cancel_in_piece(s, 1);
        EXPECT_TRUE(s.said("⏹ Расшифровано ")) << testing::PrintToString(s.texts());
        EXPECT_FALSE(s.said("✅ Готово"));
        EXPECT_EQ(s.documents_sent(), 1u);
        const std::string books = co_await s.books();
        EXPECT_THAT(books, HasSubstr("0.00 held; charged 1, voided 0; transcripts 1, documents 1"));
        const Coins left = *Coins::parse(books.substr(0, books.find(' ')));
        EXPECT_GT(left, *Coins::parse("95"));
        EXPECT_LT(left, *Coins::parse("100"));
        EXPECT_TRUE(s.said("доступно " + left.text()));
    });
}

TEST_F(InTheMiddle, WhatIsHeardIsSeenAsItGrows) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_GE(s.telegram.count("sendMessageDraft"), 1u);
        for (const auto& asked : s.telegram.asked)
            if (asked.method == "sendMessageDraft") EXPECT_EQ(asked.params.at("text").as_string(), "Piece 0.");
    });
}

// A pause ends a piece before the engine's longest: two hours of reading in pieces of 16 s are 450, not the 361 that 20 s would make.
TEST(Pieces, T6_TheirNumberIsToldFromThoseThatThereWere) {
    EXPECT_EQ(pieces_in_all(1, 16s, 2h, 20s), 450);
    EXPECT_EQ(pieces_in_all(400, 6400s, 2h, 20s), 450);
    EXPECT_EQ(pieces_in_all(450, 7199s, 2h, 20s), 450);
    EXPECT_EQ(pieces_in_all(1, 299s, 663s, 300s), 3);
    EXPECT_EQ(pieces_in_all(2, 598s, 663s, 300s), 3);
    EXPECT_EQ(pieces_in_all(3, 661s, 663s, 300s), 3);
    EXPECT_EQ(pieces_in_all(1, 4s, 7s, 20s), 2);
    EXPECT_EQ(pieces_in_all(1, 7s, 7s, 20s), 1);
}

TEST(Draft, ShowsTheLastWordsThatFit) {
    EXPECT_EQ(end_of("", 5), "");
    EXPECT_EQ(end_of("one two", 7), "one two");
    EXPECT_EQ(end_of("one two", 6), "two");
    EXPECT_EQ(end_of("раз два\nтри", 9), "два\nтри");
    EXPECT_EQ(end_of("🎧🎧 да", 5), "да");
    EXPECT_EQ(end_of("🎧🎧🎧", 5), "🎧🎧");
    EXPECT_EQ(end_of(std::string(5000, 'a'), 3500).size(), 3500u);
}

TEST_F(InTheMiddle, AServerWithoutDraftsIsAskedOnce) {
    with([](Studio& s) -> Task<void> {
        s.telegram.always["sendMessageDraft"] = [](const auto&) -> Task<http::Response> {
            co_return telegram::test::BotApiServer::refuse(404, "Not Found");
        };
        s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(s.telegram.count("sendMessageDraft"), 1u);
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(InTheMiddle, WhatIsNotSurelyHeardIsNotShownOnTheWay) {
    with([](Studio& s) -> Task<void> {
        s.ears.log_probability = -1.5;
        s.hire();
        co_await s.send_file(spoken(2));
        co_await s.until_quiet();
        EXPECT_EQ(s.telegram.count("sendMessageDraft"), 0u);
    });
}

TEST_F(InTheMiddle, WhoWaitsIsToldAsTheLineMoves) {
    with([](Studio& s) -> Task<void> {
        Standing standing(s, 0);
        s.hire();
        for (int i = 0; i < 3; ++i) co_await s.send_file(spoken(1));
        co_await s.until([&] { return standing.reached.load(); }, "the first recording");
        co_await s.until([&] { return s.said("Место в очереди: 2"); }, "the third in line");
        co_await tell_line_once(s.shop);
        co_await s.until_said("🎧 Вы следующий в очереди.");
        co_await s.until_said("🎧 Место в очереди: 2.");
        const auto before = s.texts().size();
        co_await tell_line_once(s.shop);
        EXPECT_EQ(s.texts().size(), before);
        standing.gate.open();
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 3u);
    });
}

TEST_F(InTheMiddle, T7_APieceThatFailsIsNamedAndNotCharged) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment& segment, int) {
            if (segment.index == 1) throw Unavailable("HTTP 500 by the engine");
        };
        s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(s.ears.heard(), "1 3 1");
        EXPECT_TRUE(s.said("⚠️ Не удалось распознать: ")) << testing::PrintToString(s.texts());
        EXPECT_TRUE(s.said("Piece 0.\n["));
        EXPECT_TRUE(s.said(": не удалось распознать]\nPiece 2."));
        const std::string books = co_await s.books();
        EXPECT_THAT(books, HasSubstr("0.00 held; charged 1, voided 0; transcripts 1, documents 1"));
        EXPECT_GT(*Coins::parse(books.substr(0, books.find(' '))), *Coins::parse("95"));
    });
}

TEST_F(InTheMiddle, T7_TheLastPieceMayFailToo) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment& segment, int) {
            if (segment.index == 2) throw Unavailable("HTTP 500 by the engine");
        };
        s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_TRUE(s.said("⚠️ Не удалось распознать: ")) << testing::PrintToString(s.texts());
        EXPECT_TRUE(s.said("Piece 1.\n["));
    });
}

TEST_F(InTheMiddle, T9_AnEngineThatDiesInTheMiddleLeavesWhatWasHeard) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment& segment, int) {
            if (segment.index >= 2) throw Unavailable("HTTP 500 by the engine");
        };
        s.hire();
        co_await s.send_file(spoken(6));
        co_await s.until_said("⏹ Расшифровано");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_TRUE(s.said("Piece 0.\nPiece 1."));
        EXPECT_THAT(co_await s.books(), HasSubstr("0.00 held; charged 1, voided 0; transcripts 1, documents 1"));
    });
}

}  // namespace
}  // namespace persona::bot

// What a recording costs that was not transcribed to its end, or not in every piece.
#include <gtest/gtest.h>

#include "bot/work/transcription.hpp"

namespace persona::bot {
namespace {

KeptPiece piece(int begin_s, int end_s, bool lost = false) {
    return {.piece = {.begin = std::chrono::seconds(begin_s), .end = std::chrono::seconds(end_s), .text = lost ? "" : "Words."}, .lost = lost};
}

TEST(Charge, T7_CoversWhatWasHeard) {
    struct Case {
        const char* what;
        Result result;
        const char* expected;
    };
    const Case cases[]{
        {"all of it", whole_result({piece(0, 20), piece(25, 60)}, 100s, false), "5.00"},
        {"a lost piece", whole_result({piece(0, 20), piece(20, 40, true), piece(40, 60)}, 100s, false), "4.00"},
        {"two lost pieces", whole_result({piece(0, 20, true), piece(20, 40), piece(80, 100, true)}, 100s, false), "3.00"},
        {"stopped in the middle", partial_result({piece(0, 20), piece(30, 50)}), "2.50"},
        {"stopped, and a piece lost", partial_result({piece(0, 20), piece(20, 40, true), piece(40, 50)}), "1.50"},
        {"stopped before anything", partial_result({}), "0.00"},
        {"only lost", partial_result({piece(0, 20, true)}), "0.00"},
        {"in favour of the person", partial_result({piece(0, 33)}), "1.65"},
        {"less than a hundredth", partial_result({{.piece = {.end = 100ms}}}), "0.00"},
        {"a piece that ends behind the file", partial_result({piece(0, 101)}), "5.00"},
    };
    for (const Case& c : cases) EXPECT_EQ(charge_for(c.result, Coins::hundredths(500), 100s).text(), c.expected) << c.what;
    EXPECT_EQ(charge_for(partial_result({piece(0, 1)}), Coins::hundredths(500), Millis(0)).text(), "5.00");  // a length of nothing divides nothing
}

TEST(Pieces, AreReadAsTheyWereKept) {
    const KeptPiece heard{
        .piece = {.index = 7, .begin = 1500ms, .end = 2500ms, .text = "Слова \"в кавычках\"", .log_probability = -0.25, .tokens = 4, .looped = true}};
    const KeptPiece again = piece_from(7, to_json(heard));
    EXPECT_EQ(again.piece.text, heard.piece.text);
    EXPECT_EQ(again.piece.begin, 1500ms);
    EXPECT_EQ(again.piece.end, 2500ms);
    EXPECT_EQ(again.piece.tokens, 4);
    EXPECT_TRUE(again.piece.looped);
    EXPECT_FALSE(again.lost);
    EXPECT_TRUE(piece_from(1, to_json(piece(0, 1, true))).lost);
}

}  // namespace
}  // namespace persona::bot

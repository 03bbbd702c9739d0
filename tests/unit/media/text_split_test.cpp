#include "media/text_split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace persona::media {
namespace {

std::string joined(const std::vector<std::string>& parts) {
    std::string text;
    for (const auto& part : parts) text += part;
    return text;
}

TEST(TextSplit, CutsWhereAReaderWould) {
    struct Case {
        const char* text;
        std::size_t units;
        std::vector<std::string> parts;
    };
    for (const Case& c : {Case{"", 10, {}},
                          {" \n ", 10, {}},
                          {"short", 10, {"short"}},
                          {"First one.\n\nSecond one.", 15, {"First one.\n\n", "Second one."}},
                          {"line one\nline two", 12, {"line one\n", "line two"}},
                          {"It is. So it was. Yes.", 20, {"It is. So it was. ", "Yes."}},
                          {"Раз два три четыре", 12, {"Раз два три ", "четыре"}},
                          {"abcdefghij", 4, {"abcd", "efgh", "ij"}}}) {
        EXPECT_EQ(split_text(c.text, c.units), c.parts) << c.text;
    }
}

TEST(TextSplit, NeverInsideACharacter) {
    const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";  // 8 units, one character
    EXPECT_EQ(split_text(family + family, 10), (std::vector<std::string>{family, family}));
    const std::string flag = "\U0001F1F7\U0001F1FA";
    EXPECT_EQ(split_text(flag + flag + flag, 7), (std::vector<std::string>{flag, flag, flag}));
    EXPECT_EQ(split_text("e\u0301e\u0301", 3), (std::vector<std::string>{"e\u0301", "e\u0301"}));
}

TEST(TextSplit, ACharacterLongerThanTheLimitIsStillSent) {
    std::string zalgo = "z";
    for (int i = 0; i < 100; ++i) zalgo += "\u0301";
    const auto parts = split_text(zalgo, 40);
    EXPECT_EQ(joined(parts), zalgo);
    for (const auto& part : parts) EXPECT_LE(utf16_units(part), 40U);
}

TEST(TextSplit, JoinedPartsAreTheText) {
    const std::vector<std::string> pieces = {
        "слово", "word", " ", ". ", "\n", "\n\n", "\U0001F600", "e\u0301", "!", "—", "\u200D", "\U0001F1F7\U0001F1FA", "длинноесловобезпробелов",
        "? "};
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        std::string text = "а";
        for (unsigned i = 0, n = random() % 200; i < n; ++i) text += pieces[random() % pieces.size()];
        text += "я";
        const std::size_t units = 8 + random() % 60;
        const auto parts = split_text(text, units);
        std::string without_blanks = text;
        std::string rejoined = joined(parts);
        if (rejoined != text) {  // a part of nothing but blanks was left out
            for (std::string* s : {&without_blanks, &rejoined}) std::erase_if(*s, [](char c) { return c == ' ' || c == '\n'; });
        }
        EXPECT_EQ(rejoined, rejoined == text ? text : without_blanks) << "seed " << seed;
        std::size_t characters = 0;
        for (const auto& part : parts) {
            EXPECT_LE(utf16_units(part), units) << "seed " << seed;
            EXPECT_NE(part.find_first_not_of(" \n"), std::string::npos) << "seed " << seed;
            characters += grapheme_count(part);
        }
        if (joined(parts) == text && units >= 16) EXPECT_EQ(characters, grapheme_count(text)) << "seed " << seed;
    }
}

TEST(TextSplit, ALongTextFillsItsMessages) {
    std::string text;
    for (int i = 0; i < 3000; ++i) text += "Обычное предложение из нескольких слов. ";
    const auto parts = split_text(text);
    EXPECT_EQ(joined(parts), text);
    EXPECT_LE(parts.size(), utf16_units(text) / message_units + 2);
}

TEST(TextSplit, CountsAsTelegramAndAsPeopleDo) {
    EXPECT_EQ(utf16_units("Привет \U0001F600"), 9U);
    EXPECT_EQ(grapheme_count("Привет \U0001F600"), 8U);
    EXPECT_EQ(grapheme_count("\U0001F468\u200D\U0001F469\u200D\U0001F467e\u0301\U0001F1F7\U0001F1FA"), 3U);
    EXPECT_EQ(grapheme_count(""), 0U);
}

}  // namespace
}  // namespace persona::media

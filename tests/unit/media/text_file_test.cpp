#include "media/text_file.hpp"

#include <gtest/gtest.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>

namespace persona::media {
namespace {

constexpr const char* russian = "Добрый день, коллеги. Начнём с отчёта: выручка выросла на 12 %, но расходы тоже.\nИтак, что решили?";

std::string encoded(std::string_view utf8, const char* charset) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter* converter = ucnv_open(charset, &status);
    std::string bytes;
    const auto text = icu::UnicodeString::fromUTF8({utf8.data(), static_cast<int32_t>(utf8.size())});
    bytes.resize(static_cast<std::size_t>(text.length()) * 4 + 16);
    bytes.resize(static_cast<std::size_t>(text.extract(bytes.data(), static_cast<int32_t>(bytes.size()), converter, status)));
    ucnv_close(converter);
    return bytes;
}

std::expected<std::string, TextFileError> read(std::string_view bytes) { return text_of_file(as_bytes(bytes)); }

TEST(TextFile, T14_EveryUsualEncodingBecomesTheSameUtf8) {
    struct Case {
        const char* mark;
        const char* charset;
    };
    for (const Case& c : {Case{"", "UTF-8"},
                          {"\xEF\xBB\xBF", "UTF-8"},
                          {"\xFF\xFE", "UTF-16LE"},
                          {"\xFE\xFF", "UTF-16BE"},
                          {"", "UTF-16LE"},
                          {"", "UTF-16BE"},
                          {"", "windows-1251"},
                          {"", "KOI8-R"},
                          {"", "IBM866"},
                          {"", "ISO-8859-5"}}) {
        EXPECT_EQ(read(c.mark + encoded(russian, c.charset)), russian) << c.charset;
    }
    const std::string wide = std::string("\xFF\xFE\0\0", 4) + encoded(russian, "UTF-32LE");
    EXPECT_EQ(read(wide), russian);
}

TEST(TextFile, T14_ShortRussianIsReadInEachOfItsEncodings) {
    for (const char* text : {"Привет", "привет", "ПРИВЕТ", "Да", "Нет.", "Анна, сделай отчёт", "Ок, до пятницы", "Иван: согласен", "Тест",
                             "мама мыла раму", "ООО «Ромашка» — договор № 5", "Встреча 12.03.2026: бюджет 500 тыс.", "Задача API: проверить login",
                             "Съешь ещё этих мягких французских булок"}) {
        for (const char* charset : {"windows-1251", "KOI8-R"}) {
            const std::string bytes = encoded(text, charset);
            const std::string back = encoded(encoded(text, "UTF-8"), charset) == bytes ? text : "";
            if (std::string_view(charset) == "KOI8-R" && std::string_view(text).contains("«")) continue;  // KOI8-R has no such signs
            EXPECT_EQ(read(bytes), back) << charset;
        }
    }
}

TEST(TextFile, T14_EveryLengthOfARussianTextIsRead) {
    const std::string bytes = encoded(russian, "windows-1251");
    for (std::size_t length = 3; length <= bytes.size(); ++length) {
        const std::string part = bytes.substr(0, length);
        const auto text = read(part);
        ASSERT_TRUE(text) << length;
        EXPECT_TRUE(std::string_view(russian).starts_with(*text)) << length << ": " << *text;
    }
}

TEST(TextFile, WesternTextIsNotTakenForRussian) {
    for (const char* text : {"Café déjà vu, garçon!", "Über die Straße gehen wir nach Köln.", "Naïve approach"})
        EXPECT_EQ(read(encoded(text, "windows-1252")), text);
}

TEST(TextFile, TextIsNormalised) {
    EXPECT_EQ(read("и\u0306 е\u0308"), "й ё");
    EXPECT_EQ(read("\U0001F468\u200D\U0001F469"), "\U0001F468\u200D\U0001F469");
    EXPECT_EQ(read("a\r\nb\rc\u2028d\x0C"), "a\nb\nc\nd\n");
    EXPECT_EQ(read("tab\tkept, \x1B"
                   "escape and \xEF\xBB\xBFmark not"),
              "tab\tkept, escape and mark not");
}

TEST(TextFile, Utf8CutInTheMiddleOfALetterStaysUtf8) {
    const std::string text = russian;
    EXPECT_EQ(read(text.substr(0, 11)), "Добры");
}

TEST(TextFile, T14_NoTextIsRefusedForItsReason) {
    struct Case {
        std::string bytes;
        TextFileError error;
    };
    std::string noise;
    for (unsigned i = 0, x = 1; i < 4000; ++i) noise += static_cast<char>((x = x * 1664525 + 1013904223) >> 24);
    for (const Case& c : {Case{"", TextFileError::empty},
                          {" \n\t\r\n ", TextFileError::empty},
                          {"\xEF\xBB\xBF", TextFileError::empty},
                          {"\xC2\xA0 \u200B", TextFileError::empty},
                          {std::string("abc\0def", 7), TextFileError::binary},
                          {"\x89PNG\r\n\x1A\nrest", TextFileError::binary},
                          {"%PDF-1.7 text", TextFileError::binary},
                          {"PK\x03\x04 word/document.xml", TextFileError::binary},
                          {"\x01\x02\x03\x05", TextFileError::binary},
                          {noise, TextFileError::binary},
                          {std::string(100, '\0'), TextFileError::binary},
                          {"{\\rtf1 hello}", TextFileError::binary}}) {
        const auto text = read(c.bytes);
        ASSERT_FALSE(text) << c.bytes;
        EXPECT_EQ(text.error(), c.error) << c.bytes;
    }
}

TEST(TextFile, TheLimitIsInBytesAndInclusive) {
    EXPECT_TRUE(text_of_file(as_bytes("12345678"), 8));
    EXPECT_EQ(text_of_file(as_bytes("123456789"), 8).error(), TextFileError::too_large);
}

}  // namespace
}  // namespace persona::media

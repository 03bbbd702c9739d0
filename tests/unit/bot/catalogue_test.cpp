#include <gtest/gtest.h>
#include <unicode/msgfmt.h>

#include <set>

#include "bot/catalogue/text.hpp"
#include "bot/flows/flows.hpp"
#include "bot/labels.hpp"
#include "media/text_split.hpp"

namespace persona::bot {
namespace {

std::vector<Text> all_texts() {
    std::vector<Text> out;
    for (int i = 0; i < static_cast<int>(Text::count_); ++i) out.push_back(static_cast<Text>(i));
    return out;
}

std::set<std::string> arguments(Text text, Language language) {
    UErrorCode status = U_ZERO_ERROR;
    const auto pattern_text = pattern(text, language);
    const icu::MessageFormat format(icu::UnicodeString::fromUTF8({pattern_text.data(), static_cast<int>(pattern_text.size())}), icu::Locale("ru"),
                                    status);
    EXPECT_TRUE(U_SUCCESS(status)) << name(text);
    std::set<std::string> out;
    const std::unique_ptr<icu::StringEnumeration> names(const_cast<icu::MessageFormat&>(format).getFormatNames(status));
    while (const auto* next = names ? names->snext(status) : nullptr) {
        std::string utf8;
        next->toUTF8String(utf8);
        out.insert(utf8);
    }
    return out;
}

}  // namespace

TEST(Catalogue, EveryTextIsThereInBothLanguagesWithTheSameArguments) {
    for (const Text text : all_texts()) {
        EXPECT_FALSE(pattern(text, Language::ru).empty()) << name(text);
        EXPECT_FALSE(pattern(text, Language::en).empty()) << name(text);
        EXPECT_EQ(arguments(text, Language::ru), arguments(text, Language::en)) << name(text);
        if (pattern(text, Language::ru).find('{') == std::string_view::npos) continue;  // said as it is
        EXPECT_EQ(pattern(text, Language::ru).find('\''), std::string_view::npos) << name(text) << ": an apostrophe quotes in ICU's patterns";
        EXPECT_EQ(pattern(text, Language::en).find('\''), std::string_view::npos) << name(text) << ": an apostrophe quotes in ICU's patterns";
    }
}

TEST(Catalogue, EveryTextFitsIntoAMessage) {
    for (const Text text : all_texts())
        for (const Language language : {Language::ru, Language::en}) EXPECT_LT(media::utf16_units(pattern(text, language)), 2000u) << name(text);
}

TEST(Catalogue, PluralsFollowTheLanguage) {
    const Args one{{"length", "0:03"}, {"price", "5"}, {"after", "95"}, {"place", std::int64_t{1}}};
    EXPECT_NE(render(Text::recording_queued, Language::ru, one).find("следующий"), std::string::npos);
    const Args third{{"length", "0:03"}, {"price", "5"}, {"after", "95"}, {"place", std::int64_t{3}}};
    EXPECT_NE(render(Text::recording_queued, Language::en, third).find("Place in the queue: 3"), std::string::npos);
}

TEST(Labels, AreUnderstoodInBothLanguagesWithoutEmojiAndInAnyCase) {
    struct Case {
        const char* text;
        Text label;
    };
    for (const Case& c : {Case{"🎤 Аудио", Text::label_audio},
                          {"аудио", Text::label_audio},
                          {"AUDIO", Text::label_audio},
                          {"🖼️ Работа с фото", Text::label_photo},
                          {"⬅️ Назад", Text::label_back},
                          {"◀️ назад ", Text::label_back},
                          {"Back", Text::label_back},
                          {"Сформировать mom", Text::label_mom},
                          {"Отмена", Text::label_cancel},
                          {"  Главное   меню", Text::label_main}})
        EXPECT_EQ(label_of(c.text), c.label) << c.text;
    for (const char* text : {"", "🎤", "расскажи анекдот", "/start"}) EXPECT_FALSE(label_of(text)) << text;
}

TEST(Labels, NoTwoLabelsAreSpelledAlike) {
    for (const Language language : {Language::ru, Language::en}) {
        std::map<std::string, Text> seen;
        for (const Text text : all_texts()) {
            if (!name(text).starts_with("label_") || pattern(text, language).find('{') != std::string_view::npos) continue;
            EXPECT_TRUE(seen.emplace(folded(pattern(text, language)), text).second) << name(text);
        }
    }
}

}  // namespace persona::bot

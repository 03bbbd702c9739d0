#include "bot/catalogue/text.hpp"

#include <unicode/msgfmt.h>

#include <array>
#include <memory>
#include <vector>

#include "base/assert.hpp"
#include "base/error.hpp"

namespace persona::bot {
namespace {

struct Entry {
    std::string_view name, ru, en;
};

constexpr Entry entries[]{
// a plain array: std::array deduces from 256 elements at most
#define PERSONA_TEXT(name, ru, en) Entry{#name, ru, en},
#include "bot/catalogue/texts.inc"
#undef PERSONA_TEXT
};
static_assert(std::size(entries) == static_cast<std::size_t>(Text::count_));

icu::UnicodeString wide(std::string_view text) { return icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())}); }

// A pattern is parsed once; formats are not shared between threads.
const icu::MessageFormat& format(Text text, Language language) {
    thread_local std::array<std::array<std::unique_ptr<icu::MessageFormat>, 2>, std::size(entries)> parsed;
    auto& place = parsed[static_cast<std::size_t>(text)][static_cast<std::size_t>(language)];
    if (!place) {
        UErrorCode status = U_ZERO_ERROR;
        place = std::make_unique<icu::MessageFormat>(wide(pattern(text, language)), icu::Locale(std::string(code(language)).c_str()), status);
        if (U_FAILURE(status)) throw Error("the catalogue's text " + std::string(name(text)) + " is not a message pattern");
    }
    return *place;
}

icu::Formattable formattable(const Value& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) return icu::Formattable(static_cast<std::int64_t>(*number));
    return icu::Formattable(wide(std::get<std::string>(value)));
}

}  // namespace

std::string_view code(Language language) { return language == Language::ru ? "ru" : "en"; }

Language language_of(std::string_view chosen, std::string_view telegram_code) {
    if (chosen == "ru") return Language::ru;
    if (chosen == "en") return Language::en;
    return telegram_code.starts_with("ru") ? Language::ru : Language::en;
}

std::string_view pattern(Text text, Language language) {
    const Entry& entry = entries[static_cast<std::size_t>(text)];
    return language == Language::ru ? entry.ru : entry.en;
}

std::string_view name(Text text) { return entries[static_cast<std::size_t>(text)].name; }

std::string render(Text text, Language language, Args args) {
    if (args.size() == 0) return std::string(pattern(text, language));
    std::vector<icu::UnicodeString> names;
    std::vector<icu::Formattable> values;
    for (const auto& [key, value] : args) {
        names.push_back(wide(key));
        values.push_back(formattable(value));
    }
    UErrorCode status = U_ZERO_ERROR;
    icu::UnicodeString out;
    format(text, language).format(names.data(), values.data(), static_cast<std::int32_t>(names.size()), out, status);
    PERSONA_ASSERT(U_SUCCESS(status));
    std::string utf8;
    out.toUTF8String(utf8);
    return utf8;
}

}  // namespace persona::bot

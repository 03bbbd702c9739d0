// Every text that a person reads, in Russian and English, in one table. Patterns are ICU's MessageFormat: {name} and
// {n, plural, …}. Completeness and equal arguments are checked by a test.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace persona::bot {

enum class Language { ru, en };

std::string_view code(Language language);  // "ru", "en"
// The person's own choice, else Russian for Telegram's ru, else English.
Language language_of(std::string_view chosen, std::string_view telegram_code);

enum class Text {
#define PERSONA_TEXT(name, ru, en) name,
#include "bot/catalogue/texts.inc"
#undef PERSONA_TEXT
    count_
};

using Value = std::variant<std::string, std::int64_t>;
using Args = std::initializer_list<std::pair<std::string_view, Value>>;

std::string render(Text text, Language language, Args args = {});

// The raw pattern, for the tests.
std::string_view pattern(Text text, Language language);
std::string_view name(Text text);

}  // namespace persona::bot

// Which button a text means: labels of both languages and of the old bot, ignoring case, emoji, U+FE0F and blanks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "bot/catalogue/text.hpp"

namespace persona::bot {

// The letters and digits of a text, case-folded (ICU), blanks between words as one blank.
std::string folded(std::string_view text);

// The label (a Text whose name begins with label_), or nothing for free text.
std::optional<Text> label_of(std::string_view text);

}  // namespace persona::bot

// Dates and terms as people say them. Private to the extractive engine.
#pragma once

#include <string>

#include "ai/local/extractive/phrase.hpp"

namespace persona::ai::extractive {

// The term named in a sentence, in its own words ("до 15 марта", "by the end of March"); empty when none is. Terms bound by a
// preposition win over bare dates.
std::string due_of(std::string_view sentence, std::span<const Word> words, Language language);

}  // namespace persona::ai::extractive

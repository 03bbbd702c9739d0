// The words a transcript is found by. A vocabulary is kept sealed beside its text (docs/adr/0023-search.md), so that a search opens
// a few kilobytes of a transcript and not all of it. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "studio/transcripts/transcripts.hpp"

namespace persona::transcripts {

inline constexpr std::size_t most_wanted = 8;  // words of a query

// The stems of all words and speakers, each once, as sorted marks of five bytes. Cyrillic words have the stems of Russian, others those
// of English, whatever the transcript's language: recordings mix both. A word with hyphens also counts in parts.
std::string vocabulary_of(const Transcript& transcript);

// What a query looks for: every one of these must be there.
struct Wanted {
    std::string word;  // folded: a prefix of a word of a name
    std::string stem;
};
std::vector<Wanted> wanted_of(std::string_view query);

// Whether the text or the name holds every one: a word of the text in any form, a word of the name in any form or its beginning.
bool matches(const std::vector<Wanted>& wanted, std::string_view vocabulary, std::string_view name);

// The line around the first word of the text that is wanted, at most about 100 characters; empty where the text holds none.
std::string excerpt(const std::vector<Wanted>& wanted, const Transcript& transcript);

}  // namespace persona::transcripts

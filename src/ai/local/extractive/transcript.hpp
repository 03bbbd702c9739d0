// A transcript taken apart: who spoke when, sentence by sentence, in the transcript's own words. Private to the extractive engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ai/local/extractive/words.hpp"

namespace persona::ai::extractive {

struct Sentence {
    std::string text;  // verbatim, runs of blanks as one space
    std::vector<Word> words;
    std::size_t remark = 0;
    bool question() const { return text.ends_with('?') || text.ends_with("?»") || text.ends_with("?\""); }
};

// What one person said before another did; without names, what stood in one paragraph.
struct Spoken {
    std::string time;       // of its beginning, as written; empty when not given
    std::string speaker;    // empty when not given
    std::string text;       // blanks as one space
    bool item = false;      // of a list
    std::size_t first = 0;  // its sentences
    std::size_t count = 0;
};

struct Transcript {
    Language language = Language::ru;
    std::vector<Spoken> remarks;
    std::vector<Sentence> sentences;
    std::vector<std::string> speakers;  // in the order they first speak
    bool cased = true;                  // false: no capitals, as some recognisers write
};

Transcript transcript_of(std::string_view text);

// Russian when a third of the letters are Cyrillic: Russian meetings are full of English terms, not the other way round.
Language language_of(std::string_view text);

}  // namespace persona::ai::extractive

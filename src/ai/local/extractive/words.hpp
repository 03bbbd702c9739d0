// Words of a sentence as the finders compare them: lower case, ё as е, with what stood around them. For the extractive engine and
// for the search in transcripts.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ai/text.hpp"

struct sb_stemmer;

namespace persona::ai::extractive {

struct Word {
    std::string folded;
    std::uint32_t begin = 0;  // bytes in the sentence
    std::uint32_t end = 0;
    bool capital = false;
    char after = ' ';  // the first of , : - . ? ! before the next word; - stands for any dash set apart by blanks
};

// Letters and digits; apostrophes and hyphens inside a word and . , : / inside a number belong to it ("don't", "15-го", "12.03.2026").
std::vector<Word> words_of(std::string_view sentence);

// Lower case by simple mapping, ё → е, ’ → '.
std::string folded(std::string_view text);

bool stop_word(Language language, std::string_view folded_word);

// Snowball. Not thread-safe: one per use.
class Stemmer {
public:
    explicit Stemmer(Language language);
    std::string stem(std::string_view folded_word) const;

private:
    std::unique_ptr<sb_stemmer, void (*)(sb_stemmer*)> stemmer_;
};

}  // namespace persona::ai::extractive

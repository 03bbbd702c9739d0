// A small pattern language over words, so that what the engine looks for stands in tables. Private to the extractive engine.
//
//   "принято решение"        these words, one after the other
//   "до|к|ко <weekday>"      one of several words; a class of words
//   "решил* <any>? купить"   a beginning of a word; an element that may be missing
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "ai/local/extractive/words.hpp"

namespace persona::ai::extractive {

using WordClass = bool (*)(const Word&);

class Phrase {
public:
    // The text must outlive the phrase. An unknown class is a programmer error.
    explicit Phrase(std::string_view pattern);

    // Number of words of the longest match that begins at `at`; 0 for none.
    std::size_t match(std::span<const Word> words, std::size_t at) const;

private:
    struct Choice {
        std::string_view text;
        bool beginning = false;
        WordClass in_class = nullptr;
    };
    struct Element {
        std::vector<Choice> choices;
        bool optional = false;
    };
    static Choice choice_of(std::string_view text);
    static bool fits(const Element& element, const Word& word);
    std::size_t match(std::span<const Word> words, std::size_t at, std::size_t element) const;

    std::vector<Element> elements_;
};

// Compiles a table of patterns once.
std::vector<Phrase> phrases(std::span<const std::string_view> patterns);

struct Match {
    std::size_t begin = 0;
    std::size_t size = 0;  // words; 0: nothing found
    explicit operator bool() const { return size > 0; }
};
// The leftmost match of any of them, the longest at that place.
Match find(std::span<const Phrase> phrases, std::span<const Word> words);
inline bool contains(std::span<const Phrase> phrases, std::span<const Word> words) { return static_cast<bool>(find(phrases, words)); }

// By its name in patterns, without the brackets; null for an unknown one.
WordClass word_class(std::string_view name);

}  // namespace persona::ai::extractive

// Text cut into sentences; speech without punctuation cut by length. Private to the extractive engine.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ai/text.hpp"

namespace persona::ai::extractive {

// Keeps ICU's rules open between calls. Not thread-safe.
class SentenceBreaker {
public:
    explicit SentenceBreaker(Language language);
    ~SentenceBreaker();

    // Pieces of `text` in order; joined by single spaces they are the text. Abbreviations and initials do not end a sentence.
    // A piece without inner punctuation is at most about 160 characters, any other at most about 600.
    std::vector<std::string> sentences(std::string_view text);

private:
    struct Rules;
    std::unique_ptr<Rules> rules_;
};

}  // namespace persona::ai::extractive

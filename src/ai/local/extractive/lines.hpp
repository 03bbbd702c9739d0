// What a line of a transcript opens with: a time, a speaker. Private to the extractive engine.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace persona::ai::extractive {

struct TranscriptLine {
    std::string time;
    std::string speaker;
    std::string text;          // the rest, blanks as one space; may be empty
    bool after_blank = false;  // a blank line stands before it
    bool item = false;         // opens with a bullet, a dash or a number
};

// Lines in order. Captions' counters and headers (SubRip, WebVTT) are gone, their times belong to the line after.
std::vector<TranscriptLine> lines_of(std::string_view text);

}  // namespace persona::ai::extractive

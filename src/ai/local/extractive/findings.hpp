// What was decided, who does what by when, what stayed open: found by their marks, in the transcript's own sentences.
// Private to the extractive engine.
#pragma once

#include "ai/local/extractive/transcript.hpp"

namespace persona::ai::extractive {

struct Findings {
    std::vector<Decision> decisions;
    std::vector<ActionItem> tasks;
    std::vector<ActionItem> deadlines;  // tasks with a term, and dates that bind without a task ("the next meeting is on Thursday")
    std::vector<std::string> questions;
    std::vector<std::string> agenda;
    std::vector<bool> marked;  // per sentence: it is in one of the lists, so a summary need not say it again
};

Findings findings_of(const Transcript& transcript);

}  // namespace persona::ai::extractive

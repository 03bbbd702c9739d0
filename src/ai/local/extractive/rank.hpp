// Which sentences say the most: TextRank (Mihalcea and Tarau, 2004) over shared word stems. Private to the extractive engine.
#pragma once

#include "ai/local/extractive/transcript.hpp"

namespace persona::ai::extractive {

// A weight per sentence, 1 on average; the same text gives the same weights. Likeness is kept sparse: a stem that half the
// sentences share ties nothing together, so the cost stays near linear in the length of the transcript.
std::vector<double> ranks(const Transcript& transcript);

struct Choice {
    std::size_t characters = 1300;  // of all chosen sentences together
    std::size_t zones = 5;          // equal parts of the transcript; each gives its best sentence first, so the end is heard too (T20)
    std::size_t most = 10;          // sentences
    std::vector<bool> excluded;     // per sentence; empty: none
};

// Indices in the order of the transcript, without near repeats. At least one sentence when the transcript has any.
std::vector<std::size_t> choose(const Transcript& transcript, const std::vector<double>& weights, const Choice& choice);

}  // namespace persona::ai::extractive

// The sentences a summary is made of. Private to the extractive engine.
#pragma once

#include "ai/local/extractive/rank.hpp"

namespace persona::ai::extractive {

// TextRank, corrected by what it cannot see: a number or a word like "main" or "to sum up" weighs more, a sentence that opens
// with "they" or "so" or is very short says little alone.
std::vector<double> point_weights(const Transcript& transcript);

// Which sentences cannot be a point: those already marked, questions, answers. Empty when nothing else would be left.
std::vector<bool> not_points(const Transcript& transcript, std::vector<bool> marked);

}  // namespace persona::ai::extractive

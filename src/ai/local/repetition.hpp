// A speech model that has lost the thread says one phrase over and over. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace persona::ai {

// Where the tokens end in one phrase said again and again: how many of them to keep, so that it stands once. Nobody says four tokens or
// more four times in a row, or a shorter phrase eight times; people do count "one one one".
std::optional<std::size_t> without_loop(std::span<const std::int64_t> tokens);

// Whether each token, with the two before it, stood earlier in the same order. A model is sure of what it has said before, whatever it
// hears, so such tokens say nothing about how well it hears.
std::vector<bool> said_before(std::span<const std::int64_t> tokens);

// How sure a model was: the mean over the tokens that were not said before and what comes behind the tokens (an end). 0 of nothing.
double surety(std::span<const std::int64_t> tokens, std::span<const double> log_probabilities);

}  // namespace persona::ai

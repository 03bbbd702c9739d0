#include "ai/local/repetition.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace persona::ai {
namespace {

constexpr std::size_t longest_phrase = 24;  // tokens
constexpr std::size_t short_phrase = 4;
constexpr std::size_t short_repeats = 8, long_repeats = 4;

bool repeats(std::span<const std::int64_t> tail, std::size_t period) {
    return std::equal(tail.begin() + static_cast<std::ptrdiff_t>(period), tail.end(), tail.begin());
}

}  // namespace

std::optional<std::size_t> without_loop(std::span<const std::int64_t> tokens) {
    for (std::size_t period = 1; period <= longest_phrase; ++period) {
        const std::size_t length = period * (period < short_phrase ? short_repeats : long_repeats);
        if (length > tokens.size()) continue;  // a longer phrase may need fewer tokens, as it needs fewer repeats
        if (repeats(tokens.last(length), period)) return tokens.size() - length + period;
    }
    return {};
}

std::vector<bool> said_before(std::span<const std::int64_t> tokens) {
    std::vector<bool> result(tokens.size(), false);
    std::set<std::array<std::int64_t, 3>> seen;
    for (std::size_t i = 2; i < tokens.size(); ++i) result[i] = !seen.insert({tokens[i - 2], tokens[i - 1], tokens[i]}).second;
    return result;
}

double surety(std::span<const std::int64_t> tokens, std::span<const double> log_probabilities) {
    const std::vector<bool> old = said_before(tokens);
    double sum = 0;
    int counted = 0;
    for (std::size_t i = 0; i < log_probabilities.size(); ++i) {
        if (i < old.size() && old[i]) continue;
        sum += log_probabilities[i];
        ++counted;
    }
    return counted > 0 ? sum / counted : 0;
}

}  // namespace persona::ai

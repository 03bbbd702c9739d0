// Samples as local models take them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace persona::ai {

// In [-1, 1]; what is shorter than `at_least` ends in silence.
inline std::vector<float> as_floats(std::span<const std::int16_t> samples, std::size_t at_least) {
    std::vector<float> out(std::max(samples.size(), at_least));
    std::ranges::transform(samples, out.begin(), [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0F; });
    return out;
}

}  // namespace persona::ai

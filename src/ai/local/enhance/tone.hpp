// Exposure: a curve over brightness that gives a dull, dark or pale photo its range and its middle back. A face is never blown out, and a
// dark one is lifted.
#pragma once

#include <array>

#include "ai/local/enhance/planes.hpp"

namespace persona::ai::enhancement {

struct Tone {
    std::array<float, 257> curve{};    // brightness 0, 1, …, 256 → new brightness
    std::array<float, 257> colours{};  // brightness → what colours are multiplied by
    float lift = 1;                    // how much it spreads the darker half at most: noise grows with it
    bool changes = false;
};

// faces: face_mask or empty.
Tone tone_of(const Planes& planes, const cv::Mat& faces);
// Colours keep their hue: they are drawn out with the range, then grow with the brightness, a little less where it grows much.
void apply(const Tone& tone, Planes& planes);

}  // namespace persona::ai::enhancement

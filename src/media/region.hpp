// Fractions of a picture to its pixels: one rounding for the child that reads a part and for the service that cuts one.
#pragma once

#include <algorithm>
#include <cmath>

#include "media/picture.hpp"

namespace persona::media {

struct PixelRect {
    int left, top, width, height;
};

// Clipped to a picture of this size; at least one pixel of it.
inline PixelRect pixels_of(const Region& region, int width, int height) {
    struct Span {
        int first, size;
    };
    const auto span = [](double begin, double size, int side) -> Span {
        const double from = std::clamp(begin, 0.0, 1.0), to = std::clamp(begin + size, from, 1.0);
        const int first = std::min(side - 1, static_cast<int>(from * side));
        return {first, std::clamp(static_cast<int>(std::lround((to - from) * side)), 1, side - first)};
    };
    const Span x = span(region.left, region.width, width), y = span(region.top, region.height, height);
    return {x.first, y.first, x.size, y.size};
}

}  // namespace persona::media

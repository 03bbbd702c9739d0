// A picture as pixels: upright, sRGB, eight bits a channel, without alpha and without anything else that its file said. A plain value.
#pragma once

#include "base/bytes.hpp"

namespace persona::media {

struct Picture {
    int width = 0, height = 0;
    Bytes rgb;  // rows from the top without gaps: width * height * 3

    friend bool operator==(const Picture&, const Picture&) = default;
};

// A part of an upright picture, in fractions of its sides; all of it by default.
struct Region {
    double left = 0, top = 0, width = 1, height = 1;
};

}  // namespace persona::media

// From an open file to a lazy image of the wanted size: nothing but the header is decoded before the rows are asked for.
#pragma once

#include <cstdint>
#include <string_view>

#include "media/picture/image.hpp"
#include "media/picture/turn.hpp"

namespace persona::media {

struct Wanted {
    std::string_view type;     // "jpeg" or "png"; decides the one loader that sees the file
    std::int64_t most_pixels;  // in the file
    int most_side;
    Region region;  // of the upright picture
};

struct Pipeline {
    Image image;  // stored pixels, three bands of eight bits, sRGB; rows must be asked for from the top
    Turn turn;    // what is left to be done with them
    picture_wire::Info info;
};

// Throws Refused.
Pipeline pipeline_of(VipsSource* file, const Wanted& wanted);

}  // namespace persona::media

// Cheap questions about pixels, and smaller pictures of them. Pure; for a CPU pool.
#pragma once

#include <cstdint>

#include "media/picture.hpp"

namespace persona::media {

// A smaller one whose longer side is at most so long; the same where it is not longer.
Picture resized(const Picture& picture, int most_side);
// The pixels of a region, clipped to the picture; at least one pixel.
Picture cropped(const Picture& picture, const Region& region);

// How a picture looks from afar: 64 bits that differ in few places where two pictures are nearly the same (resized, recompressed,
// a little brighter). Mirrored and otherwise cropped ones are others.
using Likeness = std::uint64_t;
Likeness likeness_of(const Picture& picture);
int distance(Likeness a, Likeness b);  // bits that differ
inline constexpr int alike = 6;        // at most so many: nearly the same picture

// Of a region, by its luminance; 0 to 1 but for sharpness.
struct Clarity {
    double sharpness = 0;   // variance of the Laplacian of the region brought to a fixed size: below `blurred` it is visibly soft
    double brightness = 0;  // mean
    double burnt = 0;       // share of pixels that are all but white
    double lost = 0;        // share of pixels that are all but black
};
Clarity clarity_of(const Picture& picture, const Region& region = {});

}  // namespace persona::media

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
// a little brighter). Mirrored, turned and cut by a tenth they are others.
using Likeness = std::uint64_t;
Likeness likeness_of(const Picture& picture);
int distance(Likeness a, Likeness b);  // bits that differ
// At most so many: nearly the same picture. Of 23 photos, brought to a fifth of their size, to JPEG of quality 20, a fifth brighter or
// darker, each stayed within 6; a shift or turn as of a second shot took 12 (median), cutting off a tenth 16, another photo 18 at least.
inline constexpr int alike = 6;

// Of a region, by its luminance; 0 to 1 but for sharpness.
struct Clarity {
    double sharpness = 0;   // variance of the Laplacian of the region brought to a fixed size: below `blurred` it is visibly soft
    double brightness = 0;  // mean
    double burnt = 0;       // share of pixels that are all but white
    double lost = 0;        // share of pixels that are all but black
};
// Faces in focus measured 16 to 346, whole photos 149 and more; blurred by a hundredth of their side, none was above 7.
inline constexpr double blurred = 10;   // sharpness below it
inline constexpr double dark = 0.12;    // brightness below it; a launch at night measured 0.22, a photo lit by one lamp 0.15
inline constexpr double glaring = 0.3;  // burnt above it; photos before a bright sky measured up to 0.12, a white page 0.95
Clarity clarity_of(const Picture& picture, const Region& region = {});

}  // namespace persona::media

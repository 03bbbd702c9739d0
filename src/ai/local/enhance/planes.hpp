// A photo while it is made better: brightness and two differences of colour, as floats, so that a dark photo is lifted without bands and
// a step that works on brightness leaves colours alone.
#pragma once

#include <opencv2/core.hpp>

#include "media/picture.hpp"

namespace persona::ai::enhancement {

// One float channel each, in the units of a byte: luma 0 to 255 (ITU-R BT.601), red = R - luma, blue = B - luma. A step may leave values
// outside; they are clipped when the photo becomes a picture again.
struct Planes {
    cv::Mat luma, red, blue;

    cv::Size size() const { return luma.size(); }
};

inline constexpr float luma_red = 0.299f, luma_green = 0.587f, luma_blue = 0.114f;
// The share of green in (R - luma) and (B - luma): G = luma - green_of_red * red - green_of_blue * blue.
inline constexpr float green_of_red = luma_red / luma_green, green_of_blue = luma_blue / luma_green;

Planes planes_of(const media::Picture& picture);
media::Picture picture_of(const Planes& planes);

// A small copy for questions that need no detail: its longer side is at most so long.
Planes small_of(const Planes& planes, int most_side);

}  // namespace persona::ai::enhancement

// Pictures of tests' own, good and hostile, byte by byte: no library decides what they hold.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "media/picture.hpp"

namespace persona::media {

// width x height of colours that differ everywhere: a gradient with a red, a green, a blue and a white corner (from the upper left, by rows).
Picture corners(int width, int height);

// A picture that is nobody's photo, but whose lines and patches are as large as those of one.
Picture scene(unsigned seed, int width, int height);

struct PngShape {
    int width, height;
    int depth;   // bits of a channel
    int colour;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
    bool interlaced = false;
};
std::string png_chunk(std::string_view type, std::string_view body);
// A PNG of raw bytes: `pixel` appends one pixel of 8 or 16 bits a channel. `before` stands between the header and the pixels.
std::string png(const PngShape& shape, const std::function<void(std::string& out, int x, int y)>& pixel, std::string_view before = {});
// A PNG of zeros, which deflate makes a thousand times smaller.
std::string png_of_zeros(const PngShape& shape);
// Only the header, and nothing behind it but what is given.
std::string png_header(const PngShape& shape);

// A segment behind the first marker of a JPEG: 0xE1 is APP1.
std::string with_segment(std::string_view jpeg, unsigned char marker, std::string_view body);
// An APP1 body: Exif of one orientation, with a place and a camera that must not come through.
std::string exif(int orientation);
// An ICC profile of three matrix columns like sRGB's, but with red and green exchanged.
std::string swapped_profile();
// A JPEG's frame header that announces another size.
std::string resized_header(std::string jpeg, int width, int height);

}  // namespace persona::media

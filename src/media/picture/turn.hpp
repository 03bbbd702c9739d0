// EXIF's orientation: how the pixels that a file stores become the picture that a person sees.
#pragma once

#include "media/picture.hpp"

namespace persona::media {

// The stored place of an upright point: its coordinates swapped, then mirrored.
struct Turn {
    bool swapped = false, mirrored_x = false, mirrored_y = false;

    friend bool operator==(const Turn&, const Turn&) = default;
};

// orientation: 1 to 8 as EXIF counts them (CIPA DC-008, 4.6.4 A); any other is as 1.
Turn turn_of(int orientation);

// Where a part of the upright picture stands among the stored pixels; clipped to the picture.
Region stored_region(const Region& upright, const Turn& turn);

}  // namespace persona::media

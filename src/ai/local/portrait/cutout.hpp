// A person cut out of a photo: head and shoulders, upright, in a square. What the local engine learns of somebody; plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ai/faces.hpp"
#include "ai/local/portrait/segmentation.hpp"
#include "media/picture.hpp"

namespace persona::ai::portraits {

struct Cutout {
    static constexpr int side = 1024;

    media::Picture picture;  // side by side; outside the person a continuation of their colours
    Bytes person;            // side * side: how much of each pixel is the person, 255 for all
    Face face;               // in this square
    // The part of the square that the photo reaches; beyond it there is no person to be seen.
    float left = 0, top = 0, right = side, bottom = side;

    // For sealed storage:
    //   "PCUT1\n", then big-endian numbers of 32 bits: the CRC-32 of all behind it, the length of the JPEG of `picture`, the length of the
    //   JPEG of `person` (grey), the 21 floats of `face` (box, spots in the order of Face, score) and of left, top, right and bottom;
    //   then the two JPEG files.
    std::string bytes() const;
    // Nothing where they are no whole cutout.
    static std::optional<Cutout> of(std::string_view bytes);
};

// Nothing where the face is not part of a person that the segmentation sees, or hardly anything but the face is.
std::optional<Cutout> cut(const media::Picture& photo, const Face& face, const Segmentation& segmentation);

}  // namespace persona::ai::portraits

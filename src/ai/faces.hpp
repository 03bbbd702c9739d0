// Faces in a picture, and whether it has the one clear face that a portrait needs.
#pragma once

#include <cstdint>
#include <vector>

#include "media/picture.hpp"

namespace persona::ai {

struct Spot {
    float x = 0, y = 0;  // pixels from the left and the top
};

// left and right are the viewer's.
struct Face {
    float left = 0, top = 0, width = 0, height = 0;  // pixels; from the brows to the chin, as the detector draws it; may stand over the edge
    Spot left_eye, right_eye, nose, mouth, left_ear, right_ear;
    float score = 0;  // 0 to 1

    float roll() const;  // radians; positive when the head leans to the viewer's right
};

enum class FaceFault : std::uint8_t {
    none,
    nobody,
    several,    // another face beside it is a person's too, not somebody small in the background
    too_small,  // to be drawn in detail
    cut_off,    // by the edge of the picture
};

// Of the faces found in a picture of this size, biggest first.
FaceFault judge_faces(const std::vector<Face>& faces, int width, int height);

}  // namespace persona::ai

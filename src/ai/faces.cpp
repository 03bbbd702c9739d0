#include "ai/faces.hpp"

#include <algorithm>
#include <cmath>

namespace persona::ai {
namespace {

constexpr float smallest_share = 0.15f;    // of the shorter side of the picture: below, the head is a detail of a scene
constexpr float smallest_pixels = 100.0f;  // enlarged three times it still has eyelashes; below that it has not
constexpr float second_person = 0.5f;      // of the side of the first face
constexpr float slack = 0.02f;             // of a face's side: the detector draws its boxes no better

float side(const Face& face) { return std::min(face.width, face.height); }

bool cut_off(const Face& face, float width, float height) {
    const float may = slack * side(face);
    const auto inside = [&](Spot spot) { return spot.x >= 0 && spot.y >= 0 && spot.x <= width && spot.y <= height; };
    const bool box = face.left >= -may && face.top >= -may && face.left + face.width <= width + may && face.top + face.height <= height + may;
    return !box || !inside(face.left_eye) || !inside(face.right_eye) || !inside(face.nose) || !inside(face.mouth);
}

}  // namespace

float Face::roll() const { return std::atan2(right_eye.y - left_eye.y, right_eye.x - left_eye.x); }

FaceFault judge_faces(const std::vector<Face>& faces, int width, int height) {
    if (faces.empty()) return FaceFault::nobody;
    const Face& first = faces.front();
    if (faces.size() > 1 && side(faces[1]) >= second_person * side(first)) return FaceFault::several;
    if (side(first) < std::max(smallest_pixels, smallest_share * static_cast<float>(std::min(width, height)))) return FaceFault::too_small;
    return cut_off(first, static_cast<float>(width), static_cast<float>(height)) ? FaceFault::cut_off : FaceFault::none;
}

}  // namespace persona::ai

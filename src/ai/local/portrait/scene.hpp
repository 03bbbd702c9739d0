// A person placed on a canvas: what every style begins with.
#pragma once

#include "ai/local/portrait/cutout.hpp"
#include "ai/portrait.hpp"

namespace persona::ai::portraits {

struct Scene {
    cv::Size size;
    Colours person;  // evenly exposed; beyond the person a continuation of their colours
    Plane share;     // how much of each pixel is the person
    Face face;       // on the canvas
    std::uint64_t seed = 0;
    float side = 1;  // 1 or -1: where the light comes from, left or right; by the seed

    float unit() const { return static_cast<float>(std::max(size.width, size.height)) / 1024; }  // sizes of strokes and grains scale with it
    cv::Point2f middle() const { return {face.left + face.width / 2, face.top + face.height / 2}; }
};

// The head has room above it, shoulders reach the lower edge, and where the photo cut an arm the canvas does too.
Scene scene_of(const Cutout& cutout, Aspect aspect, std::uint64_t seed, int longest = 1024);

// 1 about eyes and mouth, 0 elsewhere: where a painter takes the small brush.
Plane features(const Scene& scene);
// 1 on the face, 0 away from it, softly.
Plane face_share(const Scene& scene);

}  // namespace persona::ai::portraits

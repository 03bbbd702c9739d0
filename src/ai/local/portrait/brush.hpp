// Brushes and pens: what turns the pixels of a photo into paint and lines.
#pragma once

#include "ai/local/portrait/scene.hpp"

namespace persona::ai::portraits {

// Areas become even and their borders sharp, as of a brush of this radius in pixels (a Kuwahara filter of eight soft sectors).
Colours daubed(const Colours& colours, float radius, float sharpness = 8);

// The direction along the edges of a picture, of length 1 in each pixel.
using Flow = cv::Mat2f;
// Where there is none, they run as a right hand draws them: from the lower left to the upper right.
Flow flow_of(const Colours& colours, double smooth);
// Means along the flow, so many pixels both ways.
Plane along(const Plane& plane, const Flow& flow, int steps);
Colours along(const Colours& colours, const Flow& flow, int steps);

// Bristles: noise drawn out along the flow, from about -1 to 1.
Plane bristles(const Scene& scene, const Flow& flow, int salt, double thickness, int steps);
// Strokes of a pencil at an angle in radians, 0 to 1.
Plane hatching(const Scene& scene, int salt, float angle, double thickness, int steps);

// Lines of ink (extended difference of Gaussians along the flow): 1 on paper, 0 in a line.
// width: of a line in pixels; dark: what is darker fills with ink (0: nothing).
struct Ink {
    float width = 1.2f;
    float strength = 18;  // of the edge against the tone
    float level = 0.55f;
    float hard = 8;
};
Plane inked(const Plane& light, const Flow& flow, const Ink& ink);

// Dots of a screen print: 1 in a dot. dark: 0 to 1, how much of a place they cover.
Plane dots(const Plane& dark, float cell, float angle);

}  // namespace persona::ai::portraits

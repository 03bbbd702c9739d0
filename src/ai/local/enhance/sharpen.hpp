// Sharpening by as much as a photo is soft: its blur is measured at its best edges, then undone in small steps that may not overshoot.
#pragma once

#include <stop_token>

#include "ai/local/enhance/planes.hpp"

namespace persona::ai::enhancement {

// Deviation in pixels of the Gaussian that would blur a sharp photo as much; about 0.6 for a sharp one, at most 4. 0 where nothing has an edge.
float blur_of(const Planes& planes);
// noise: the deviation that is left; what is not clearly above it is not sharpened.
void sharpen(Planes& planes, float blur, float noise, const cv::Mat& faces, const std::stop_token& stop);

}  // namespace persona::ai::enhancement

// Noise and JPEG's blocks out of a photo, as strongly as they are there; a clean photo is left as it is.
#pragma once

#include <stop_token>

#include "ai/local/enhance/noise.hpp"

namespace persona::ai::enhancement {

// lift: how much brighter a later step makes this photo's noise, at least 1. faces: face_mask, where less is taken away.
// Whether anything was done. At 12 megapixels about 0.4 s, at one 0.08 s, of one core.
bool denoise(Planes& planes, const Noise& noise, float lift, const cv::Mat& faces, const std::stop_token& stop);

}  // namespace persona::ai::enhancement

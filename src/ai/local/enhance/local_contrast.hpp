// Local contrast for flat photos: each part of the photo gets more of the range, in part. A photo with contrast of its own is left alone.
#pragma once

#include "ai/local/enhance/planes.hpp"

namespace persona::ai::enhancement {

// 0 for a photo that has contrast, up to 1 for fog.
float flatness_of(const Planes& planes);
void raise_local_contrast(Planes& planes, float flatness, const cv::Mat& faces);

}  // namespace persona::ai::enhancement

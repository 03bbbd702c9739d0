// Noise out of one plane by overlapping cosine transforms: a photo is few strong waves in each block of 8 x 8, noise is many weak ones.
// A tenth of the cost of non-local means, and as good where it matters (docs/adr/0029-enhancement.md).
#pragma once

#include <opencv2/core.hpp>
#include <stop_token>

namespace persona::ai::enhancement {

// plane: floats, at least 8 x 8. sigma: deviation of its noise, over 0. step: pixels between blocks, 1 to 8; 2 is smooth, 4 is quick.
// Returns early with part of the work when asked to stop.
cv::Mat without_noise(const cv::Mat& plane, float sigma, int step, const std::stop_token& stop);

}  // namespace persona::ai::enhancement

// Where faces are, as a soft map: every step is gentler there, because people know what a face looks like.
#pragma once

#include <opencv2/core.hpp>
#include <vector>

#include "ai/faces.hpp"

namespace persona::ai::enhancement {

// Floats from 0 to 1 of that size: 1 well inside a face's oval, fading over a third of its width. Empty without faces.
cv::Mat face_mask(cv::Size size, const std::vector<Face>& faces);

// changed = changed + keep * mask * (before - changed): takes a share of a change back on faces. Does nothing with an empty mask.
void keep_faces(cv::Mat& changed, const cv::Mat& before, const cv::Mat& mask, float keep);

}  // namespace persona::ai::enhancement

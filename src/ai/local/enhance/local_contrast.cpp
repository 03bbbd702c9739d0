#include "ai/local/enhance/local_contrast.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ai/local/enhance/face_mask.hpp"

namespace persona::ai::enhancement {
namespace {

constexpr int asked_side = 256, parts = 8;
constexpr double clip = 2.0;
constexpr float most_mixed = 0.45f, kept_on_faces = 0.6f;
constexpr double enough = 52, fog = 28;  // deviation of brightness over a photo

}  // namespace

float flatness_of(const Planes& planes) {
    cv::Scalar mean, deviation;
    cv::meanStdDev(small_of(planes, asked_side).luma, mean, deviation);
    return static_cast<float>(std::clamp((enough - deviation[0]) / (enough - fog), 0.0, 1.0));
}

// K. Zuiderveld's contrast limited histogram equalization, over sixteen bits so that nothing gets steps.
void raise_local_contrast(Planes& planes, float flatness, const cv::Mat& faces) {
    if (flatness <= 0 || std::min(planes.luma.cols, planes.luma.rows) < 64) return;
    constexpr double unit = 256;
    cv::Mat fine, equal;
    planes.luma.convertTo(fine, CV_16U, unit);
    cv::createCLAHE(clip, {parts, parts})->apply(fine, fine);
    fine.convertTo(equal, CV_32F, 1 / unit);
    const float mixed = flatness * most_mixed;
    cv::addWeighted(equal, mixed, planes.luma, 1 - mixed, 0, equal);
    keep_faces(equal, planes.luma, faces, kept_on_faces);
    planes.luma = equal;
}

}  // namespace persona::ai::enhancement

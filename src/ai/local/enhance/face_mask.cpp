#include "ai/local/enhance/face_mask.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace persona::ai::enhancement {
namespace {

// A soft map has no detail: it is drawn small and enlarged.
constexpr int drawn_side = 384;

}  // namespace

cv::Mat face_mask(cv::Size size, const std::vector<Face>& faces) {
    if (faces.empty()) return {};
    const float scale = std::min(1.0f, static_cast<float>(drawn_side) / static_cast<float>(std::max(size.width, size.height)));
    const cv::Size drawn(std::max(1, cvRound(size.width * scale)), std::max(1, cvRound(size.height * scale)));
    cv::Mat mask = cv::Mat::zeros(drawn, CV_32F), one(drawn, CV_32F);
    for (const Face& face : faces) {
        one = 0.0f;
        // The detector's box goes from the brows to the chin; the forehead belongs to the face too.
        const cv::Point2f middle((face.left + face.width / 2) * scale, (face.top + face.height * 0.42f) * scale);
        cv::ellipse(one, cv::RotatedRect(middle, {face.width * 1.05f * scale, face.height * 1.35f * scale}, 0), 1.0, cv::FILLED);
        cv::GaussianBlur(one, one, {}, std::max(0.8f, face.width * scale / 9));
        cv::max(mask, one, mask);
    }
    cv::resize(mask, mask, size, 0, 0, cv::INTER_LINEAR);
    return mask;
}

void keep_faces(cv::Mat& changed, const cv::Mat& before, const cv::Mat& mask, float keep) {
    if (mask.empty()) return;
    for (int y = 0; y < changed.rows; ++y) {
        float* now = changed.ptr<float>(y);
        const float *was = before.ptr<float>(y), *share = mask.ptr<float>(y);
        for (int x = 0; x < changed.cols; ++x) now[x] += keep * share[x] * (was[x] - now[x]);
    }
}

}  // namespace persona::ai::enhancement

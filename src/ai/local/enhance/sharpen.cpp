#include "ai/local/enhance/sharpen.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ai/local/enhance/face_mask.hpp"

namespace persona::ai::enhancement {
namespace {

constexpr float again = 1.0f;  // deviation of the blur that is added to measure the one that is there
constexpr float best_edges = 0.015f, least_edge = 12;
constexpr float most_blur = 4;

constexpr float sharp = 0.75f, soft = 1.5f;  // blur of a photo that needs nothing, and of one that gets all of it
constexpr float kept_on_faces = 0.35f;
constexpr float overshoot = 0.06f;  // of the contrast around a pixel

cv::Mat steepness(const cv::Mat& plane) {
    cv::Mat x, y, out;
    cv::Sobel(plane, x, CV_32F, 1, 0, 3, 0.125);
    cv::Sobel(plane, y, CV_32F, 0, 1, 3, 0.125);
    cv::magnitude(x, y, out);
    return out;
}

// Blurring again changes a sharp edge much and a soft one little: S. Zhuo, T. Sim, Defocus map estimation from a single image (2011).
float blur_at(float before, float after) {
    const float ratio = before / std::max(after, 1e-3f);
    return ratio <= 1.03f ? most_blur : std::min(most_blur, again / std::sqrt(ratio * ratio - 1));
}

}  // namespace

float blur_of(const Planes& planes) {
    // The middle of a big photo is enough.
    constexpr int asked = 1536;
    const cv::Rect middle((planes.luma.cols - std::min(planes.luma.cols, asked)) / 2, (planes.luma.rows - std::min(planes.luma.rows, asked)) / 2,
                          std::min(planes.luma.cols, asked), std::min(planes.luma.rows, asked));
    cv::Mat blurred;
    cv::GaussianBlur(planes.luma(middle), blurred, {}, again);
    const cv::Mat before = steepness(planes.luma(middle)), after = steepness(blurred);
    std::vector<float> edges(before.begin<float>(), before.end<float>());
    const auto at = edges.begin() + static_cast<std::ptrdiff_t>(static_cast<float>(edges.size() - 1) * (1 - best_edges));
    std::ranges::nth_element(edges, at);
    const float least = std::max(*at, least_edge / 4);
    std::vector<float> blurs;
    for (int y = 0; y < before.rows; ++y)
        for (int x = 0; x < before.cols; ++x)
            if (before.at<float>(y, x) >= least) blurs.push_back(blur_at(before.at<float>(y, x), after.at<float>(y, x)));
    if (blurs.size() < 32) return 0;
    const auto half = blurs.begin() + static_cast<std::ptrdiff_t>(blurs.size() / 2);
    std::ranges::nth_element(blurs, half);
    return *half;
}

void sharpen(Planes& planes, float blur, float noise, const cv::Mat& faces, const std::stop_token& stop) {
    const float need = std::clamp((blur - sharp) / (soft - sharp), 0.0f, 1.0f);
    if (need <= 0) return;
    const int rounds = blur < 1.2f ? 1 : blur < 2 ? 2 : 3;
    const float reach = std::min(blur, 2.5f), silent = 1.0f + 1.5f * noise;
    const cv::Mat given = planes.luma.clone();
    cv::Mat low, high, blurred;
    const int window = blur < 1.2f ? 3 : blur < 2 ? 5 : 7;  // an edge comes back from within its blur
    const cv::Mat around = cv::getStructuringElement(cv::MORPH_RECT, {window, window});
    cv::erode(given, low, around);
    cv::dilate(given, high, around);
    // P. van Cittert (1931): what a blur takes from the guess is given back to it.
    for (int round = 0; round < rounds && !stop.stop_requested(); ++round) {
        cv::GaussianBlur(planes.luma, blurred, {}, reach);
        for (int y = 0; y < given.rows; ++y) {
            float* now = planes.luma.ptr<float>(y);
            const float *was = given.ptr<float>(y), *soft_now = blurred.ptr<float>(y), *least = low.ptr<float>(y), *most = high.ptr<float>(y);
            for (int x = 0; x < given.cols; ++x) {
                const float lost = was[x] - soft_now[x], room = overshoot * (most[x] - least[x]) + 0.5f;
                const float believed = lost * lost / (lost * lost + silent * silent);  // small differences are noise and skin
                now[x] = std::clamp(now[x] + need * believed * lost, least[x] - room, most[x] + room);
            }
        }
    }
    keep_faces(planes.luma, given, faces, kept_on_faces);
}

}  // namespace persona::ai::enhancement

#include "media/pixels.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "media/region.hpp"

namespace persona::media {
namespace {

// OpenCV writes to none of what it gets as an input.
cv::Mat view(const Picture& picture) { return {picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data())}; }

Picture blank(int width, int height) { return {width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)}; }

cv::Rect rect_of(const Picture& picture, const Region& region) {
    const PixelRect part = pixels_of(region, picture.width, picture.height);
    return {part.left, part.top, part.width, part.height};
}

cv::Mat luminance(const cv::Mat& rgb) {
    cv::Mat grey;
    cv::cvtColor(rgb, grey, cv::COLOR_RGB2GRAY);
    return grey;
}

constexpr int transform_side = 32;  // the picture brought to so many pixels a side
constexpr int kept_side = 8;        // of its cosine transform, the slowest waves but the constant one

// Sharpness is measured at this size, so that it compares pictures of every size; the longer side.
constexpr int clarity_side = 256;
constexpr int burnt_from = 250, lost_to = 5;  // of 255

}  // namespace

Picture resized(const Picture& picture, int most_side) {
    const int longer = std::max(picture.width, picture.height);
    if (longer <= most_side) return picture;
    const auto side = [&](int from) { return std::max(1, static_cast<int>(std::lround(static_cast<double>(from) * most_side / longer))); };
    Picture out = blank(side(picture.width), side(picture.height));
    cv::Mat target = view(out);
    cv::resize(view(picture), target, target.size(), 0, 0, cv::INTER_AREA);
    return out;
}

Picture cropped(const Picture& picture, const Region& region) {
    const cv::Rect part = rect_of(picture, region);
    Picture out = blank(part.width, part.height);
    view(picture)(part).copyTo(view(out));
    return out;
}

Likeness likeness_of(const Picture& picture) {
    cv::Mat small, waves;
    cv::resize(luminance(view(picture)), small, {transform_side, transform_side}, 0, 0, cv::INTER_AREA);
    small.convertTo(small, CV_32F);
    cv::dct(small, waves);
    // From (1, 1) on: the first row and column hold what a change of light and of borders moves.
    const cv::Mat kept = waves(cv::Rect(1, 1, kept_side, kept_side)).clone();
    std::vector<float> sorted(kept.begin<float>(), kept.end<float>());
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2), sorted.end());
    const float median = sorted[sorted.size() / 2];
    Likeness likeness = 0;
    for (int y = 0; y < kept_side; ++y)
        for (int x = 0; x < kept_side; ++x) likeness = likeness << 1 | (kept.at<float>(y, x) > median ? 1u : 0u);
    return likeness;
}

int distance(Likeness a, Likeness b) { return std::popcount(a ^ b); }

Clarity clarity_of(const Picture& picture, const Region& region) {
    cv::Mat part = luminance(view(picture)(rect_of(picture, region)));
    const double scale = static_cast<double>(clarity_side) / std::max(part.cols, part.rows);
    cv::Mat fixed, edges, mean, deviation;
    cv::resize(part, fixed, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    cv::Laplacian(fixed, edges, CV_32F);
    cv::meanStdDev(edges, mean, deviation);
    const auto share = [&](const cv::Mat& mask) { return static_cast<double>(cv::countNonZero(mask)) / static_cast<double>(part.total()); };
    return {deviation.at<double>(0) * deviation.at<double>(0), cv::mean(part)[0] / 255, share(part >= burnt_from), share(part <= lost_to)};
}

}  // namespace persona::media

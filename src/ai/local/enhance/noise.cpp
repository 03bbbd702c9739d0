#include "ai/local/enhance/noise.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace persona::ai::enhancement {
namespace {

// J. Immerkær, Fast noise variance estimation (1996): this filter is blind to brightness that is flat, tilted or bent, and white noise of
// deviation s leaves it with deviation 6 s.
const float blind[] = {1, -2, 1, -2, 4, -2, 1, -2, 1};
constexpr float deviation_of_mean = 1.2533f / 6;  // sqrt(pi / 2): from the mean magnitude of a normal distribution to its deviation

constexpr int patch = 16;
constexpr double flattest = 0.12;               // share of the patches that is believed to hold nothing but noise
constexpr float darkest = 20, brightest = 246;  // clipped brightness has lost its noise

// plane's deviation of noise where `light` is not clipped.
float deviation(const cv::Mat& plane, const cv::Mat& light) {
    if (plane.cols < patch || plane.rows < patch) return 0;
    cv::Mat rest, means, lights;
    cv::filter2D(plane, rest, CV_32F, cv::Mat(3, 3, CV_32F, const_cast<float*>(blind)));
    rest = cv::abs(rest);
    const cv::Size patches(plane.cols / patch, plane.rows / patch);
    const cv::Rect whole({0, 0}, cv::Size(patches.width * patch, patches.height * patch));
    cv::resize(rest(whole), means, patches, 0, 0, cv::INTER_AREA);
    cv::resize(light(whole), lights, patches, 0, 0, cv::INTER_AREA);
    std::vector<float> found;
    for (int y = 0; y < means.rows; ++y)
        for (int x = 0; x < means.cols; ++x)
            if (const float l = lights.at<float>(y, x); l > darkest && l < brightest) found.push_back(means.at<float>(y, x));
    if (found.empty()) found.assign(means.begin<float>(), means.end<float>());
    const auto at = found.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(found.size() - 1) * flattest);
    std::ranges::nth_element(found, at);
    return *at * deviation_of_mean;
}

cv::Mat halved(const cv::Mat& plane) {
    cv::Mat out;
    cv::resize(plane, out, {(plane.cols + 1) / 2, (plane.rows + 1) / 2}, 0, 0, cv::INTER_AREA);
    return out;
}

// How much more brightness jumps between columns 8n-1 and 8n than at its neighbours; jumps of edges are cut off.
float block_step(const cv::Mat& luma) {
    constexpr float edge = 12;
    double at_border = 0, beside = 0;
    long borders = 0;
    for (int y = 0; y < luma.rows; y += 2) {
        const float* row = luma.ptr<float>(y);
        const auto jump = [&](int x) { return std::min(edge, std::abs(row[x] - row[x - 1])); };
        for (int x = 8; x + 2 < luma.cols; x += 8, ++borders) {
            at_border += jump(x);
            beside += (jump(x - 2) + jump(x - 1) + jump(x + 1) + jump(x + 2)) / 4;
        }
    }
    return borders ? std::max(0.0f, static_cast<float>((at_border - beside) / static_cast<double>(borders))) : 0;
}

}  // namespace

Noise noise_of(const Planes& planes) {
    const cv::Mat light = halved(planes.luma);
    return {.luma = deviation(planes.luma, planes.luma),
            .coarse = deviation(light, light),
            .colour = std::max(deviation(halved(planes.red), light), deviation(halved(planes.blue), light)),
            .blocks = block_step(planes.luma)};
}

}  // namespace persona::ai::enhancement

#include "ai/local/portrait/guided_filter.hpp"

#include <opencv2/imgproc.hpp>

namespace persona::ai::portraits {
namespace {

template <class Mat>
Mat mean(const Mat& from, int radius) {
    Mat result;
    cv::boxFilter(from, result, -1, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, true, cv::BORDER_REFLECT);
    return result;
}

using Six = cv::Mat_<cv::Vec6f>;  // the upper half of a symmetric matrix

Six products(const Colours& guide) {
    return made<cv::Vec6f>(guide.size(), [&](int x, int y) {
        const Colour& c = guide(y, x);
        return cv::Vec6f(c[0] * c[0], c[0] * c[1], c[0] * c[2], c[1] * c[1], c[1] * c[2], c[2] * c[2]);
    });
}

cv::Matx33f covariance(const cv::Vec6f& squares, const Colour& m, float regularity) {
    const float rr = squares[0] - m[0] * m[0] + regularity, rg = squares[1] - m[0] * m[1], rb = squares[2] - m[0] * m[2];
    const float gg = squares[3] - m[1] * m[1] + regularity, gb = squares[4] - m[1] * m[2], bb = squares[5] - m[2] * m[2] + regularity;
    return {rr, rg, rb, rg, gg, gb, rb, gb, bb};
}

}  // namespace

Plane guided(const Colours& guide, const Plane& coarse, int radius, float regularity) {
    Colours small;
    Plane target;
    cv::resize(guide, small, {}, 0.5, 0.5, cv::INTER_AREA);
    cv::resize(coarse, target, small.size(), 0, 0, cv::INTER_LINEAR);
    const Colours weighted = made<Colour>(small.size(), [&](int x, int y) { return small(y, x) * target(y, x); });
    const Colours colour = mean(small, radius), together = mean(weighted, radius);
    const Plane share = mean(target, radius);
    cv::Mat squares;  // boxFilter takes at most four channels well: two halves
    const Six all = products(small);
    cv::boxFilter(all, squares, -1, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, true, cv::BORDER_REFLECT);
    const Six spread = squares;

    // In each window share = slope * colour + level.
    cv::Mat_<cv::Vec4f> line = made<cv::Vec4f>(small.size(), [&](int x, int y) {
        const Colour& m = colour(y, x);
        const Colour with = together(y, x) - m * share(y, x);
        const Colour slope = covariance(spread(y, x), m, regularity).inv() * with;
        return cv::Vec4f(slope[0], slope[1], slope[2], share(y, x) - slope.dot(m));
    });
    cv::Mat large;
    cv::boxFilter(line, line, -1, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, true, cv::BORDER_REFLECT);
    cv::resize(line, large, guide.size(), 0, 0, cv::INTER_LINEAR);
    const cv::Mat_<cv::Vec4f> lines = large;
    return made<float>(guide.size(), [&](int x, int y) {
        const cv::Vec4f& l = lines(y, x);
        const Colour& c = guide(y, x);
        return std::clamp(l[0] * c[0] + l[1] * c[1] + l[2] * c[2] + l[3], 0.0f, 1.0f);
    });
}

}  // namespace persona::ai::portraits

#include "ai/local/portrait/pixels.hpp"

#include <opencv2/imgproc.hpp>

namespace persona::ai::portraits {

Colour hex(std::uint32_t rgb) {
    const auto part = [&](int shift) { return static_cast<float>((rgb >> shift) & 255) / 255.0f; };
    return {part(16), part(8), part(0)};
}

Colours colours_of(const media::Picture& picture) {
    const cv::Mat bytes(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data()));
    Colours result;
    bytes.convertTo(result, CV_32F, 1 / 255.0);
    return result;
}

media::Picture picture_of(const Colours& colours, std::uint64_t seed) {
    media::Picture result{colours.cols, colours.rows, Bytes(colours.total() * 3)};
    cv::Mat bytes(colours.rows, colours.cols, CV_8UC3, result.rgb.data());
    Plane noise(colours.size());
    cv::RNG(seed ^ 0x9e3779b97f4a7c15u).fill(noise, cv::RNG::UNIFORM, -0.5, 0.5);
    Colours dithered;
    cv::cvtColor(noise, dithered, cv::COLOR_GRAY2RGB);
    cv::Mat(colours * 255 + dithered).convertTo(bytes, CV_8U);
    return result;
}

Plane luminance(const Colours& colours) {
    Plane result;
    cv::cvtColor(colours, result, cv::COLOR_RGB2GRAY);
    return result;
}

namespace {

// Wide blurs are made of small pictures: they hold nothing that needs more pixels.
template <class Mat>
Mat gaussian(const Mat& from, double sigma) {
    const int step = std::clamp(static_cast<int>(sigma / 4), 1, 16);
    Mat result, small;
    if (step == 1) {
        cv::GaussianBlur(from, result, {}, sigma, sigma, cv::BORDER_REPLICATE);
        return result;
    }
    cv::resize(from, small, {}, 1.0 / step, 1.0 / step, cv::INTER_AREA);
    cv::GaussianBlur(small, small, {}, sigma / step, sigma / step, cv::BORDER_REPLICATE);
    cv::resize(small, result, from.size(), 0, 0, cv::INTER_CUBIC);
    return result;
}

template <class Mat>
Mat moved(const Mat& from, float x, float y) {
    const cv::Matx23f by(1, 0, x, 0, 1, y);
    Mat result;
    cv::warpAffine(from, result, by, from.size(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return result;
}

}  // namespace

template <>
Plane blurred(const Plane& from, double sigma) {
    return gaussian(from, sigma);
}
template <>
Colours blurred(const Colours& from, double sigma) {
    return gaussian(from, sigma);
}
template <>
Plane shifted(const Plane& from, float x, float y) {
    return moved(from, x, y);
}
template <>
Colours shifted(const Colours& from, float x, float y) {
    return moved(from, x, y);
}

Colours blend(const Colours& under, const Colours& over, const Plane& share) {
    return made<Colour>(under.size(), [&](int x, int y) { return mix(under(y, x), over(y, x), share(y, x)); });
}

}  // namespace persona::ai::portraits

// Pictures as floats between 0 and 1, red first: what the styles reckon in, and the few operations that all of them share.
#pragma once

#include <algorithm>
#include <cstdint>
#include <opencv2/core.hpp>

#include "media/picture.hpp"

namespace persona::ai::portraits {

using Colours = cv::Mat3f;
using Plane = cv::Mat1f;
using Colour = cv::Vec3f;

inline const Colour white{1, 1, 1};
Colour hex(std::uint32_t rgb);  // 0xrrggbb

Colours colours_of(const media::Picture& picture);
// Noise of one step at most, so that smooth backdrops have no bands in eight bits.
media::Picture picture_of(const Colours& colours, std::uint64_t seed);

Plane luminance(const Colours& colours);
template <class Mat>
Mat blurred(const Mat& from, double sigma);
template <class Mat>
Mat shifted(const Mat& from, float x, float y);  // what stood at (0, 0) comes to (x, y); borders are drawn out

inline float smoothstep(float from, float to, float value) {
    const float t = std::clamp((value - from) / (to - from), 0.0f, 1.0f);
    return t * t * (3 - 2 * t);
}
inline float mix(float a, float b, float t) { return a + (b - a) * t; }
inline Colour mix(const Colour& a, const Colour& b, float t) { return a + (b - a) * t; }
inline Colour screen(const Colour& a, const Colour& b) { return a + b - a.mul(b); }
inline Colour soft_light(const Colour& a, float b) { return (1 - 2 * b) * a.mul(a) + 2 * b * a; }
inline float luminance(const Colour& c) { return 0.299f * c[0] + 0.587f * c[1] + 0.114f * c[2]; }

// f(pixel, x, y) for each pixel, which it may change.
template <class T, class F>
void each(cv::Mat_<T>& mat, F f) {
    for (int y = 0; y < mat.rows; ++y) {
        T* row = mat[y];
        for (int x = 0; x < mat.cols; ++x) f(row[x], x, y);
    }
}
template <class T, class F>
cv::Mat_<T> made(cv::Size size, F f) {
    cv::Mat_<T> mat(size);
    each(mat, [&](T& pixel, int x, int y) { pixel = f(x, y); });
    return mat;
}

Colours blend(const Colours& under, const Colours& over, const Plane& share);

}  // namespace persona::ai::portraits

#include "ai/local/portrait/brush.hpp"

#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace persona::ai::portraits {
namespace {

cv::Mat2f whereabouts(cv::Size size) {
    return made<cv::Vec2f>(size, [](int x, int y) { return cv::Vec2f(static_cast<float>(x), static_cast<float>(y)); });
}

template <class Mat>
Mat looked_up(const Mat& from, const cv::Mat2f& at) {
    Mat result;
    cv::remap(from, result, at, cv::noArray(), cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    return result;
}

// A step of one pixel further; a flow has no sense, so it keeps the one it came with.
void step(cv::Mat2f& at, cv::Mat2f& heading, const Flow& flow) {
    const cv::Mat2f here = looked_up(flow, at);
    each(heading, [&](cv::Vec2f& way, int x, int y) {
        const cv::Vec2f& next = here(y, x);
        way = next.dot(way) < 0 ? -next : next;
        at(y, x) += way;
    });
}

template <class Mat>
Mat smeared(const Mat& from, const Flow& flow, int steps) {
    Mat sum = from.clone();
    for (const float sense : {1.0f, -1.0f}) {
        cv::Mat2f at = whereabouts(from.size()), heading = flow * sense;
        at += heading;
        for (int i = 0; i < steps; ++i) {
            sum += looked_up(from, at);
            if (i + 1 < steps) step(at, heading, flow);
        }
    }
    return sum / (2 * steps + 1);
}

// Sums as wide as asked for, one for each pixel, in a picture whose pixels grow with the brush: its soft parts hold no more.
struct Sector {
    Colours mean;
    Plane spread;
};
Sector sectors(const Colours& colours, float radius) {
    const double sigma = radius * 0.42;
    const Colours squares = colours.mul(colours), mean = blurred(colours, sigma), mean_squares = blurred(squares, sigma);
    return {mean, made<float>(colours.size(), [&](int x, int y) {
                const Colour v = mean_squares(y, x) - mean(y, x).mul(mean(y, x));
                return std::sqrt(std::max(0.0f, v[0] + v[1] + v[2]));
            })};
}

}  // namespace

Colours daubed(const Colours& colours, float radius, float sharpness) {
    const Sector all = sectors(colours, radius);
    Colours sum = Colours::zeros(colours.size());
    Plane total = Plane::zeros(colours.size());
    for (int i = 0; i < 8; ++i) {
        const float angle = static_cast<float>(i) * std::numbers::pi_v<float> / 4;
        const float dx = std::round(std::cos(angle) * radius * 0.75f), dy = std::round(std::sin(angle) * radius * 0.75f);
        const Colours mean = shifted(all.mean, dx, dy);
        const Plane spread = shifted(all.spread, dx, dy);
        each(sum, [&](Colour& c, int x, int y) {
            const float even = 0.02f / (0.02f + spread(y, x)), weight = std::pow(even, sharpness) + 1e-9f;
            c += mean(y, x) * weight;
            total(y, x) += weight;
        });
    }
    each(sum, [&](Colour& c, int x, int y) { c /= total(y, x); });
    return sum;
}

Flow flow_of(const Colours& colours, double smooth) {
    static const Colour habit = Colour(0.6f, 0.49f, 0.4f) * 2.5e-3f;  // a slight gradient everywhere, the same one
    const Plane light = blurred(luminance(colours), 1.0);
    Plane dx, dy;
    cv::Sobel(light, dx, CV_32F, 1, 0, 3);
    cv::Sobel(light, dy, CV_32F, 0, 1, 3);
    const Colours tensor = blurred(made<Colour>(colours.size(),
                                                [&](int x, int y) {
                                                    const float a = dx(y, x), b = dy(y, x);
                                                    return Colour(a * a, a * b, b * b) + habit;
                                                }),
                                   smooth);
    return made<cv::Vec2f>(colours.size(), [&](int x, int y) {
        const Colour& t = tensor(y, x);
        const float across = 0.5f * std::atan2(2 * t[1], t[0] - t[2]);  // the steepest way; the edge runs at right angles to it
        return cv::Vec2f(-std::sin(across), std::cos(across));
    });
}

Plane along(const Plane& plane, const Flow& flow, int steps) { return smeared(plane, flow, steps); }
Colours along(const Colours& colours, const Flow& flow, int steps) { return smeared(colours, flow, steps); }

Plane bristles(const Scene& scene, const Flow& flow, int salt, double thickness, int steps) {
    Plane noise(scene.size);
    cv::RNG(scene.seed * 613 + static_cast<std::uint64_t>(salt)).fill(noise, cv::RNG::NORMAL, 0, 1);
    cv::GaussianBlur(noise, noise, {}, thickness);
    noise = smeared(noise, flow, steps);
    cv::Scalar mean, deviation;
    cv::meanStdDev(noise, mean, deviation);
    return noise / (2.2 * deviation[0] + 1e-6);
}

Plane hatching(const Scene& scene, int salt, float angle, double thickness, int steps) {
    const Flow straight(scene.size, cv::Vec2f(std::cos(angle), std::sin(angle)));
    return bristles(scene, straight, salt, thickness, steps) * 0.5 + 0.5;
}

Plane inked(const Plane& light, const Flow& flow, const Ink& ink) {
    const Plane near = blurred(light, ink.width), far = blurred(light, ink.width * 1.6);
    Plane edge = near + (near - far) * ink.strength;
    edge = along(edge, flow, std::max(2, static_cast<int>(ink.width * 3)));
    return made<float>(light.size(), [&](int x, int y) {
        const float v = edge(y, x);
        return v >= ink.level ? 1.0f : std::clamp(1 + std::tanh(ink.hard * (v - ink.level)), 0.0f, 1.0f);
    });
}

Plane dots(const Plane& dark, float cell, float angle) {
    const float c = std::cos(angle) / cell, s = std::sin(angle) / cell;
    return made<float>(dark.size(), [&](int x, int y) {
        const float u = c * static_cast<float>(x) + s * static_cast<float>(y), v = -s * static_cast<float>(x) + c * static_cast<float>(y);
        const float du = u - std::floor(u) - 0.5f, dv = v - std::floor(v) - 0.5f;
        const float radius = 0.75f * std::sqrt(std::clamp(dark(y, x), 0.0f, 1.0f));
        return 1 - smoothstep(radius - 0.7f / cell, radius + 0.7f / cell, std::hypot(du, dv));
    });
}

}  // namespace persona::ai::portraits

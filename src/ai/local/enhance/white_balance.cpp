#include "ai/local/enhance/white_balance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace persona::ai::enhancement {
namespace {

constexpr int asked_side = 256;
constexpr float strength_of_warm = 0.65f, strength_of_cold = 0.8f;  // warm light is often wanted
constexpr float most_gain = 1.4f;
constexpr float least_hue = 0.08f;  // of the brightness: less is taste
constexpr float least_agreement = 0.8f;

struct Sample {
    float light, red, blue;  // the two as shares of the light
};

std::vector<Sample> samples_of(const Planes& planes, const cv::Mat& faces) {
    const Planes small = small_of(planes, asked_side);
    cv::Mat mask;
    if (!faces.empty()) cv::resize(faces, mask, small.size(), 0, 0, cv::INTER_AREA);
    std::vector<Sample> out;
    for (int y = 0; y < small.luma.rows; ++y)
        for (int x = 0; x < small.luma.cols; ++x) {
            const float light = small.luma.at<float>(y, x), red = small.red.at<float>(y, x), blue = small.blue.at<float>(y, x);
            const float most = std::max({light + red, light + blue, light - green_of_red * red - green_of_blue * blue});
            if (light < 12 || most > 250 || (!mask.empty() && mask.at<float>(y, x) > 0.3f)) continue;
            out.push_back({light, red / light, blue / light});
        }
    return out;
}

struct Hue {
    float red = 0, blue = 0;

    float strength() const { return std::hypot(red, blue); }
};

float median(std::vector<float> values) {
    const auto half = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, half);
    return *half;
}

// Medians: a red coat is no cast.
Hue hue_of(std::span<const Sample> samples) {
    std::vector<float> red, blue;
    for (const Sample& s : samples) red.push_back(s.red), blue.push_back(s.blue);
    return {median(red), median(blue)};
}

double share_near(std::span<const Sample> samples, const Hue& hue, float distance) {
    const auto near = std::ranges::count_if(samples, [&](const Sample& s) { return std::hypot(s.red - hue.red, s.blue - hue.blue) < distance; });
    return static_cast<double>(near) / static_cast<double>(samples.size());
}

float agreement(const Hue& a, const Hue& b) {  // cosine of the angle between them
    return (a.red * b.red + a.blue * b.blue) / std::max(1e-6f, a.strength() * b.strength());
}

}  // namespace

// A cast tints greys, and the lights are grey in most photos: then many things have the hue of the lights, and few have none.
Balance balance_of(const Planes& planes, const cv::Mat& faces) {
    std::vector<Sample> samples = samples_of(planes, faces);
    if (samples.size() < 400) return {};
    std::ranges::sort(samples, {}, &Sample::light);
    const Hue lights = hue_of(std::span(samples).last(samples.size() / 10)), whole = hue_of(samples);
    if (lights.strength() < least_hue || whole.strength() < least_hue || agreement(lights, whole) < least_agreement) return {};
    const double tinted = share_near(samples, lights, 0.12f), grey = share_near(samples, {}, 0.05f);
    if (tinted < 0.25 || grey > tinted / 3) return {};
    // The weaker of the two is the more careful guess of the light.
    const Hue& cast = lights.strength() < whole.strength() ? lights : whole;
    const float strength = cast.blue < 0 ? strength_of_warm : strength_of_cold;
    const auto gain = [&](float tint) { return std::clamp(std::pow(std::max(0.3f, tint), -strength), 1 / most_gain, most_gain); };
    return {gain(1 + cast.red), gain(1 - green_of_red * cast.red - green_of_blue * cast.blue), gain(1 + cast.blue)};
}

void apply(const Balance& balance, Planes& planes) {
    for (int y = 0; y < planes.luma.rows; ++y) {
        float *luma = planes.luma.ptr<float>(y), *red = planes.red.ptr<float>(y), *blue = planes.blue.ptr<float>(y);
        for (int x = 0; x < planes.luma.cols; ++x) {
            const float r = (luma[x] + red[x]) * balance.red, b = (luma[x] + blue[x]) * balance.blue;
            const float g = (luma[x] - green_of_red * red[x] - green_of_blue * blue[x]) * balance.green;
            luma[x] = luma_red * r + luma_green * g + luma_blue * b;
            red[x] = r - luma[x];
            blue[x] = b - luma[x];
        }
    }
}

}  // namespace persona::ai::enhancement

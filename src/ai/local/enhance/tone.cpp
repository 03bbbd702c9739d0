#include "ai/local/enhance/tone.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <vector>

namespace persona::ai::enhancement {
namespace {

constexpr int asked_side = 384;

// The ends of the range: how much of the photo may lie beyond them, where they may be, and how far they are drawn out.
constexpr double beyond = 0.004;
constexpr float most_black = 76, least_white = 88;
constexpr float black_allowed = 10, white_wanted = 236;  // a photo that reaches them is left alone
constexpr float black_aim = 4, white_aim = 246;

// The middle, 0 to 1. Between them a photo is as its photographer wanted it.
constexpr float dark_middle = 0.33f, pale_middle = 0.66f, dark_aim = 0.40f, pale_aim = 0.60f;
constexpr float dark_face = 0.33f, face_aim = 0.40f, lifted_face = 0.55f, bright_face = 0.68f, burnt_face = 0.74f;
constexpr float calm = 0.85f;  // share of a gain in the middle that colours get
constexpr float least_gamma = 0.6f, most_gamma = 1.3f;

struct Lights {
    std::vector<float> all;  // sorted, 0 to 255
    float face = -1;         // mean on faces; -1 without

    float at(double share) const { return all[static_cast<std::size_t>(share * static_cast<double>(all.size() - 1))]; }
};

Lights lights_of(const Planes& planes, const cv::Mat& faces) {
    cv::Mat small, mask;
    const double scale = std::min(1.0, static_cast<double>(asked_side) / std::max(planes.luma.cols, planes.luma.rows));
    cv::resize(planes.luma, small, {std::max(1, cvRound(planes.luma.cols * scale)), std::max(1, cvRound(planes.luma.rows * scale))}, 0, 0,
               cv::INTER_AREA);
    Lights out{std::vector<float>(small.begin<float>(), small.end<float>())};
    std::ranges::sort(out.all);
    if (faces.empty()) return out;
    cv::resize(faces, mask, small.size(), 0, 0, cv::INTER_AREA);
    if (const double weight = cv::sum(mask)[0]; weight > 0) out.face = static_cast<float>(small.dot(mask) / weight);
    return out;
}

struct Ends {
    float black = 0, white = 255, to_black = 0, to_white = 255;

    float slope() const { return (to_white - to_black) / (white - black); }
    float operator()(float light) const { return to_black + (light - black) * slope(); }
};

Ends ends_of(const Lights& lights) {
    Ends out;
    if (const float low = lights.at(beyond); low > black_allowed) out.black = std::min(low, most_black), out.to_black = black_aim;
    if (const float high = lights.at(1 - beyond); high < white_wanted) out.white = std::max(high, least_white), out.to_white = white_aim;
    return out;
}

// The power that brings `from` to `to`.
float power(float from, float to) { return std::log(to) / std::log(std::clamp(from, 0.02f, 0.98f)); }

float middle_of(const Lights& lights, const Ends& ends) {
    double sum = 0;
    for (const float light : lights.all) sum += std::clamp(ends(light) / 255, 0.0f, 1.0f);
    return static_cast<float>(sum / static_cast<double>(lights.all.size()));
}

float gamma_of(const Lights& lights, const Ends& ends) {
    const float middle = middle_of(lights, ends);
    float gamma = middle < dark_middle ? power(middle, dark_aim) : middle > pale_middle ? power(middle, pale_aim) : 1;
    if (lights.face >= 0) {
        const float face = std::clamp(ends(lights.face) / 255, 0.02f, 0.98f), now = std::pow(face, gamma);
        // Half of the way: a face may be dark because it is.
        if (now < dark_face) gamma = power(face, now + (face_aim - now) / 2);
        if (now > burnt_face) gamma = power(face, now + (bright_face - now) / 2);
        if (now > lifted_face && gamma < 1) gamma = std::min(1.0f, power(face, lifted_face));
    }
    return std::clamp(gamma, least_gamma, most_gamma);
}

// A power alone is infinitely steep at black and would lift its noise: below this it is a line.
constexpr float toe = 0.06f;
float raised(float light, float gamma) {
    if (light >= toe || gamma >= 1) return std::pow(light, gamma);
    return light / toe * std::pow(toe, gamma);
}

// What goes over the top of the range is bent, not cut.
float shouldered(float light) {
    constexpr float bend = 0.9f;
    return light <= bend ? light : 1 - (1 - bend) * std::exp(-(light - bend) / (1 - bend));
}

}  // namespace

Tone tone_of(const Planes& planes, const cv::Mat& faces) {
    const Lights lights = lights_of(planes, faces);
    const Ends ends = ends_of(lights);
    const float gamma = gamma_of(lights, ends);
    Tone out;
    out.changes = gamma != 1 || ends.white != 255 || ends.black != 0;
    for (std::size_t i = 0; i <= 256; ++i) {
        const float drawn = std::max(0.0f, ends(static_cast<float>(i)) / 255);
        const float bent = ends.white != 255 ? shouldered(raised(drawn, gamma)) : raised(std::min(drawn, 1.0f), gamma);
        out.curve[i] = out.changes ? 255 * bent : static_cast<float>(i);
        out.colours[i] = out.changes ? ends.slope() * (1 + calm * (bent / std::max(drawn, 0.004f) - 1)) : 1;
    }
    for (std::size_t i = 4; i <= 128; ++i) out.lift = std::max(out.lift, (out.curve[i] - out.curve[i - 4]) / 4);
    return out;
}

void apply(const Tone& tone, Planes& planes) {
    if (!tone.changes) return;
    for (int y = 0; y < planes.luma.rows; ++y) {
        float *luma = planes.luma.ptr<float>(y), *red = planes.red.ptr<float>(y), *blue = planes.blue.ptr<float>(y);
        for (int x = 0; x < planes.luma.cols; ++x) {
            const float was = std::clamp(luma[x], 0.0f, 255.0f);
            const auto at = static_cast<std::size_t>(was);
            const float rest = was - static_cast<float>(at), gain = std::lerp(tone.colours[at], tone.colours[at + 1], rest);
            luma[x] = std::lerp(tone.curve[at], tone.curve[at + 1], rest);
            red[x] *= gain;
            blue[x] *= gain;
        }
    }
}

}  // namespace persona::ai::enhancement

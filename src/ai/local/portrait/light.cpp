#include "ai/local/portrait/light.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ai/local/portrait/guided_filter.hpp"

namespace persona::ai::portraits {
namespace {

// The middle brightness of the inner face.
float median(const Scene& scene) {
    const Face& f = scene.face;
    const cv::Rect inner(static_cast<int>(f.left + f.width * 0.2f), static_cast<int>(f.top + f.height * 0.2f), static_cast<int>(f.width * 0.6f),
                         static_cast<int>(f.height * 0.6f));
    const cv::Rect part = inner & cv::Rect({0, 0}, scene.size);
    if (part.empty()) return 0.5f;
    const Plane light = luminance(Colours(scene.person(part))).clone();
    std::vector<float> values(light.begin(), light.end());
    std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
    return values[values.size() / 2];
}

Colour curved(Colour c, const Print& print) {
    const float light = luminance(c);
    for (int i = 0; i < 3; ++i) {
        float v = std::clamp(mix(light, c[i], print.saturation), 0.0f, 1.0f);
        v = mix(v, smoothstep(0, 1, v), print.contrast);
        v += print.shadows[i] * (1 - light) * (1 - light) + print.lights[i] * light * light;
        c[i] = print.fade + v * (1 - print.fade);
    }
    return c;
}

// Grain as of film: clumps of some pixels, strongest in the middle tones.
Plane grain(const Scene& scene) {
    Plane fine(scene.size), result;
    cv::RNG(scene.seed * 31 + 7).fill(fine, cv::RNG::NORMAL, 0, 1);
    cv::GaussianBlur(fine, result, {}, 0.7 * scene.unit() + 0.1);
    return result * 2.2;
}

Colours glowing(const Scene& scene, const Colours& colours, const Print& print) {
    const Colours bright = made<Colour>(scene.size, [&](int x, int y) {
        const Colour& c = colours(y, x);
        return c * smoothstep(0.62f, 1.0f, luminance(c));
    });
    const Colours wide = blurred(bright, 16 * scene.unit());
    return made<Colour>(scene.size, [&](int x, int y) { return screen(colours(y, x), wide(y, x).mul(print.glow_colour) * print.glow); });
}

}  // namespace

void expose(Scene& scene) {
    constexpr float darkest = 0.36f, brightest = 0.66f;
    const float now = std::clamp(median(scene), 0.08f, 0.95f), wanted = mix(now, std::clamp(now, darkest, brightest), 0.6f);
    const float power = std::log(wanted) / std::log(now);
    each(scene.person, [&](Colour& c, int, int) {
        for (int i = 0; i < 3; ++i) c[i] = std::pow(std::clamp(c[i], 0.0f, 1.0f), power);
    });
}

float even_power(const Scene& scene) { return std::clamp(std::log(0.56f) / std::log(std::clamp(median(scene), 0.05f, 0.95f)), 0.45f, 1.5f); }

Colours retouched(const Scene& scene, float strength) {
    const Plane light = luminance(scene.person), even = guided(scene.person, light, static_cast<int>(7 * scene.unit()) + 1, 0.004f);
    const Plane where = face_share(scene), keep = features(scene);
    return made<Colour>(scene.size, [&](int x, int y) {
        const Colour& c = scene.person(y, x);
        const float amount = strength * where(y, x) * (1 - keep(y, x));
        return c + Colour::all((even(y, x) - light(y, x)) * amount);
    });
}

Colours lit(const Scene& scene, const Colours& colours, float strength) {
    const cv::Point2f middle = scene.middle();
    const float reach = scene.face.width;
    return made<Colour>(scene.size, [&](int x, int y) {
        const float across = (static_cast<float>(x) - middle.x) / reach * scene.side, down = (static_cast<float>(y) - middle.y) / reach;
        const float light = 1.12f - 0.30f * smoothstep(-0.9f, 1.3f, across) - 0.34f * smoothstep(0.5f, 2.2f, down);
        return colours(y, x) * mix(1.0f, light, strength);
    });
}

Colours rim(const Scene& scene, const Colours& colours, float x, float up, float width, Colour light) {
    const float far = width * scene.unit();
    const Plane behind = blurred(shifted(scene.share, -x * far, up * far), far * 0.45);
    return made<Colour>(scene.size, [&](int column, int row) {
        const Colour& c = colours(row, column);
        const float edge = scene.share(row, column) * std::clamp(1 - behind(row, column), 0.0f, 1.0f);
        return screen(c, light * (edge * (0.30f + 0.9f * luminance(c))));
    });
}

Colours placed(const Scene& scene, const Colours& colours, const Colours& backdrop, float spill) {
    const Plane inside = blurred(scene.share, 9 * scene.unit());
    const Colours around = blurred(backdrop, 30 * scene.unit());
    return made<Colour>(scene.size, [&](int x, int y) {
        const float edge = std::clamp(1 - inside(y, x), 0.0f, 1.0f) * 1.6f * spill;
        const Colour person = screen(colours(y, x), around(y, x) * std::min(edge, 1.0f));
        return mix(backdrop(y, x), person, scene.share(y, x));
    });
}

Colours printed(const Scene& scene, const Colours& colours, const Print& print) {
    const Colours base = print.glow > 0 ? glowing(scene, colours, print) : colours;
    const Plane noise = print.grain > 0 ? grain(scene) : Plane::zeros(scene.size);
    const auto width = static_cast<float>(scene.size.width), height = static_cast<float>(scene.size.height);
    return made<Colour>(scene.size, [&](int x, int y) {
        Colour c = curved(base(y, x), print);
        const float dx = static_cast<float>(x) / width - 0.5f, dy = static_cast<float>(y) / height - 0.46f;
        c *= 1 - print.vignette * smoothstep(0.12f, 0.62f, dx * dx * 1.1f + dy * dy);
        const float light = luminance(c);
        return c + Colour::all(noise(y, x) * print.grain * (0.35f + 2.6f * light * (1 - light)));
    });
}

}  // namespace persona::ai::portraits

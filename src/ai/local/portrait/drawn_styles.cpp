#include <cmath>

#include "ai/local/portrait/backdrop.hpp"
#include "ai/local/portrait/brush.hpp"
#include "ai/local/portrait/light.hpp"
#include "ai/local/portrait/styles.hpp"

namespace persona::ai::portraits {
namespace {

// Broad brush over all, a finer one on the face, the finest about eyes and mouth.
Colours brushed(const Scene& scene, const Colours& colours, float broad, float fine) {
    const float u = scene.unit();
    const Colours wide = daubed(colours, broad * u, 5), middle = daubed(colours, (broad + fine) * 0.5f * u), small = daubed(colours, fine * u, 6);
    return blend(blend(wide, middle, face_share(scene)), small, features(scene));
}

// Paper or canvas, about 1: what a grazing light shows of it.
Plane grain_of_paper(const Scene& scene, float strength) {
    const Plane coarse = clouds(scene, 21, 9), fine = clouds(scene, 22, 4);
    return made<float>(scene.size, [&](int x, int y) { return 1 + strength * ((coarse(y, x) - 0.5f) * 0.6f + (fine(y, x) - 0.5f) * 0.8f); });
}

Plane slope(const Plane& height, float strength) {
    const Plane lower = shifted(height, 1, 1);
    return made<float>(height.size(), [&](int x, int y) { return std::clamp((height(y, x) - lower(y, x)) * strength, -0.35f, 0.35f); });
}

}  // namespace

Colours watercolor(const Scene& scene) {
    const float u = scene.unit();
    static constexpr std::array washes{0x8fb7c9u, 0xc9a9b4u, 0xa9bf9au, 0xd0b48au};
    const Colour wash = hex(washes[(scene.seed / 2) % washes.size()]);
    Colours paint = brushed(scene, lit(scene, scene.person, 0.4f), 13, 4.5f);
    const Plane pools = blurred(clouds(scene, 11, 210), 5 * u), drops = blurred(clouds(scene, 12, 60), 2.5 * u), paper = grain_of_paper(scene, 0.12f);
    const Plane skin = face_share(scene);
    // Pigment runs to the borders of an area and dries there darker.
    const Plane light = luminance(paint), wide = blurred(light, 3.2 * u);
    const Plane edge = blurred(scene.share, 26 * u), near = blurred(scene.share, 2 * u);
    const float width = static_cast<float>(scene.size.width), height = static_cast<float>(scene.size.height);
    return made<Colour>(scene.size, [&](int x, int y) {
        const float rough = (pools(y, x) - 0.5f) * 0.9f + (drops(y, x) - 0.5f) * 0.22f;
        Colour c = paint(y, x);
        c = mix(Colour::all(luminance(c)), c, 1.22f);
        c = c * 0.90f + Colour::all(0.13f);
        const float dark = std::clamp((wide(y, x) - light(y, x)) * 1.9f, -0.05f, 0.22f);
        const float density = 1 + mix(0.32f, 0.10f, skin(y, x)) * rough + dark;
        for (int i = 0; i < 3; ++i) c[i] = std::pow(std::clamp(c[i], 0.02f, 1.0f), density);
        // A wash about the person, with the border where it dried.
        const float dx = static_cast<float>(x) / width - 0.5f, dy = static_cast<float>(y) / height - 0.45f;
        const float extent = edge(y, x) * 1.5f + 0.62f - 1.55f * std::hypot(dx * 0.9f, dy * 0.8f) + rough * 0.9f;
        const float inside = smoothstep(0.10f, 0.17f, extent), border = inside * (1 - smoothstep(0.16f, 0.26f, extent));
        const Colour ground = mix(hex(0xfbf8f1), mix(hex(0xfbf8f1), wash, 0.40f + 0.75f * (pools(y, x) - 0.35f) + 0.30f * border), inside);
        return mix(ground, c, near(y, x)) * paper(y, x);
    });
}

Colours oil(const Scene& scene) {
    const float u = scene.unit();
    const Colours wall = cloth(scene, hex(0x8a6a48), hex(0x241a14), 0.9f);
    const Colours whole = placed(scene, lit(scene, scene.person, 0.9f), wall, 0.15f);
    const Colours flat = brushed(scene, whole, 11, 4);
    const Flow flow = flow_of(flat, 7 * u);
    Colours paint = along(flat, flow, static_cast<int>(5 * u) + 1);
    paint = blend(paint, flat, features(scene));
    const Plane hairs = bristles(scene, flow, 3, 1.1 * u, static_cast<int>(14 * u) + 2), relief = slope(blurred(hairs, 0.8), 0.20f),
                keep = features(scene), skin = face_share(scene);
    const Plane weave = grain_of_paper(scene, 0.05f);
    each(paint, [&](Colour& c, int x, int y) {
        const float thick = (1 - 0.75f * keep(y, x)) * (1 - 0.45f * skin(y, x)), light = luminance(c);
        c = mix(Colour::all(light), c, 1.18f).mul(Colour(1.03f, 1.0f, 0.93f));
        c = c * (1 + thick * (0.07f * hairs(y, x) + 1.4f * relief(y, x) * (0.5f + 0.35f * light))) * weave(y, x);
    });
    return printed(scene, paint, {.contrast = 0.24f, .saturation = 1.06f, .vignette = 0.30f});
}

Colours pencil(const Scene& scene) {
    const float u = scene.unit();
    const Colours person = lit(scene, scene.person, 0.5f);
    const Plane light = luminance(person), keep = features(scene);
    const Plane soft = blurred(Plane(1 - light), 9 * u), even = luminance(daubed(person, 6 * u, 5));
    const Flow flow = flow_of(person, 3 * u);
    const Plane lines = inked(light, flow, {.width = 1.0f * u, .strength = 26, .level = 0.36f, .hard = 3.2f});
    const Plane one = hatching(scene, 1, 2.30f, 0.75 * u, static_cast<int>(16 * u)),
                other = hatching(scene, 2, 1.75f, 0.75 * u, static_cast<int>(12 * u));
    const Plane paper = grain_of_paper(scene, 0.10f), tooth = grain_of_paper(scene, 0.9f), patch = clouds(scene, 31, 240),
                inside = blurred(scene.share, 1.2 * u);
    const cv::Point2f middle = scene.middle();
    return made<Colour>(scene.size, [&](int x, int y) {
        const float l = light(y, x), dodge = std::clamp(l / std::max(0.10f, 1.02f - soft(y, x)), 0.0f, 1.0f);
        // The darker, the denser are the strokes; behind the person on the far side of the light as well.
        const float away = (static_cast<float>(x) - middle.x) * scene.side / scene.face.width;
        const float behind = 0.42f * smoothstep(0.2f, 1.4f, away) * smoothstep(0.30f, 0.62f, patch(y, x) + 0.10f) + 0.05f;
        const float tone = mix(behind, 1.12f * std::pow(std::max(0.0f, 1 - even(y, x)), 1.6f), inside(y, x));
        const float first = smoothstep(1 - tone * 1.25f, 1.35f - tone * 1.25f, one(y, x)),
                    second = smoothstep(1.15f - tone, 1.5f - tone, other(y, x));
        const float strokes = std::clamp(first * 0.55f + second * 0.55f, 0.0f, 1.0f) * mix(1.0f, 0.55f, keep(y, x) * inside(y, x));
        const float drawn = mix(1.0f, std::min(std::pow(dodge, 1.6f), lines(y, x)), inside(y, x));
        float ink = 1 - (1 - strokes * 0.62f) * (1 - (1 - drawn) * 0.85f) * (1 - tone * 0.30f);
        ink = std::clamp(ink * (0.55f + 0.45f * tooth(y, x)), 0.0f, 0.93f);
        return mix(hex(0xf7f4ec), hex(0x2b2a2c), ink) * paper(y, x);
    });
}

}  // namespace persona::ai::portraits

#include <array>

#include "ai/local/portrait/backdrop.hpp"
#include "ai/local/portrait/light.hpp"
#include "ai/local/portrait/styles.hpp"

namespace persona::ai::portraits {
namespace {

struct Cloth {
    std::uint32_t bright, dark;
};
// Muslin of a studio; the seed takes one.
constexpr std::array cloths{Cloth{0xb9bcc0, 0x4a4d52}, Cloth{0xb8afa4, 0x4b443d}, Cloth{0x9fabb6, 0x39424c}, Cloth{0xa9ab9c, 0x3e4038}};

}  // namespace

Colours studio(const Scene& scene) {
    const Cloth& cloth_of = cloths[(scene.seed / 2) % cloths.size()];
    const Colours backdrop = cloth(scene, hex(cloth_of.bright), hex(cloth_of.dark), 0.22f);
    Colours person = lit(scene, retouched(scene, 0.55f), 0.75f);
    person = rim(scene, person, -scene.side * 0.8f, 0.5f, 9, hex(0xfff4e4) * 0.30f);
    return printed(scene, placed(scene, person, backdrop, 0.35f), {.contrast = 0.22f, .saturation = 1.02f, .vignette = 0.22f, .grain = 0.006f});
}

Colours business(const Scene& scene) {
    Colours person = lit(scene, retouched(scene, 0.45f), 0.5f);
    person = rim(scene, person, scene.side, 0.4f, 8, hex(0xe8f2ff) * 0.28f);
    const Print print{.contrast = 0.20f, .saturation = 0.94f, .shadows = {-0.008f, 0, 0.012f}, .vignette = 0.10f, .grain = 0.004f};
    return printed(scene, placed(scene, person, office(scene), 0.45f), print);
}

Colours film(const Scene& scene) {
    const Colours wall = window_light(scene, hex(0xf2d9ae), hex(0x4c4a44), 2.3f, 0.35f, 11);
    const Colours person = lit(scene, retouched(scene, 0.2f), 0.6f);
    const Print print{.contrast = 0.12f,
                      .saturation = 0.86f,
                      .fade = 0.055f,
                      .shadows = {0.0f, 0.012f, 0.022f},
                      .lights = {0.05f, 0.018f, -0.045f},
                      .vignette = 0.22f,
                      .grain = 0.022f,
                      .glow = 0.42f,
                      .glow_colour = hex(0xff9a6a)};
    return printed(scene, placed(scene, person, wall, 0.40f), print);
}

Colours noir(const Scene& scene) {
    const Colours wall = window_light(scene, hex(0xbfbfbf), hex(0x080808), 7.5f, 0.28f, 5);
    Colours person = lit(scene, scene.person, 2.1f);
    person = rim(scene, person, -scene.side, 0.5f, 8, hex(0xffffff) * 0.32f);
    const Print print{.contrast = 0.62f, .saturation = 0, .vignette = 0.42f, .grain = 0.026f, .glow = 0.16f};
    return printed(scene, placed(scene, person, wall, 0.18f), print);
}

Colours sunset(const Scene& scene) {
    const Colours sky = evening_sky(scene);
    Colours person = lit(scene, retouched(scene, 0.3f), 0.6f);
    const Colour warm(1.07f, 0.985f, 0.86f);
    each(person, [&](Colour& c, int, int) { c = c.mul(warm) * 0.94f; });
    person = rim(scene, person, -scene.side, 0.45f, 16, hex(0xffb060) * 0.75f);
    const Print print{.contrast = 0.14f,
                      .saturation = 1.06f,
                      .fade = 0.015f,
                      .lights = {0.03f, 0.01f, -0.02f},
                      .vignette = 0.16f,
                      .grain = 0.008f,
                      .glow = 0.30f,
                      .glow_colour = hex(0xffb27a)};
    return printed(scene, placed(scene, person, sky, 0.75f), print);
}

Colours night_city(const Scene& scene) {
    const Colours city = city_night(scene);
    Colours person = lit(scene, retouched(scene, 0.2f), 0.9f);
    const Colour cool(0.95f, 0.95f, 1.0f);
    each(person, [&](Colour& c, int, int) { c = c.mul(cool) * 0.90f; });
    person = rim(scene, person, -scene.side, 0.25f, 13, hex(0xff9a4e) * 0.62f);
    person = rim(scene, person, scene.side, 0.25f, 13, hex(0x4aa8ff) * 0.62f);
    const Print print{.contrast = 0.28f, .saturation = 1.02f, .shadows = {-0.01f, 0.0f, 0.02f}, .vignette = 0.30f, .grain = 0.014f, .glow = 0.30f};
    return printed(scene, placed(scene, person, city, 0.5f), print);
}

}  // namespace persona::ai::portraits

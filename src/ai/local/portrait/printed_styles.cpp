#include <array>
#include <cmath>

#include "ai/local/portrait/backdrop.hpp"
#include "ai/local/portrait/brush.hpp"
#include "ai/local/portrait/light.hpp"
#include "ai/local/portrait/styles.hpp"

namespace persona::ai::portraits {
namespace {

// Steps with soft borders, so that they follow a form rather than noise.
float stepped(float value, int levels, float soft) {
    const float scaled = value * static_cast<float>(levels), floor = std::floor(scaled);
    return (floor + smoothstep(0.5f - soft, 0.5f + soft, scaled - floor)) / static_cast<float>(levels);
}

Plane evened(const Plane& light, float power) {
    return made<float>(light.size(), [&](int x, int y) { return std::pow(std::clamp(light(y, x), 0.0f, 1.0f), power); });
}

}  // namespace

Colours comic(const Scene& scene) {
    static constexpr std::array suns{std::pair{0xffd34du, 0xff9f43u}, std::pair{0x7fd4f5u, 0x3aa0dcu}, std::pair{0xff8f80u, 0xe2574cu},
                                     std::pair{0x9be39au, 0x4fb878u}};
    const float u = scene.unit();
    const auto [one, other] = suns[(scene.seed / 2) % suns.size()];
    const Colours person = lit(scene, scene.person, 0.5f);
    const Colours flat = blend(daubed(person, 9 * u), daubed(person, 3.5f * u, 6), features(scene));
    const Flow flow = flow_of(person, 3 * u);
    const Plane light = luminance(person), lines = inked(light, flow, {.width = 1.5f * u, .strength = 20, .level = 0.30f, .hard = 9});
    const Plane even = blurred(luminance(flat), 1.5 * u),
                screen_of = dots(Plane(made<float>(scene.size, [&](int x, int y) { return 0.55f * (1 - smoothstep(0.18f, 0.50f, even(y, x))); })),
                                 7.5f * u, 0.78f);
    const Plane border = blurred(scene.share, 1.6 * u);
    const Colours sun = rays(scene, hex(one), hex(other));
    const Plane corner = dots(Plane(made<float>(scene.size,
                                                [&](int x, int y) {
                                                    const float d = std::hypot(static_cast<float>(x) / static_cast<float>(scene.size.width) - 0.5f,
                                                                               static_cast<float>(y) / static_cast<float>(scene.size.height) - 0.42f);
                                                    return 0.8f * smoothstep(0.35f, 0.85f, d);
                                                })),
                              15 * u, 0.78f);
    return made<Colour>(scene.size, [&](int x, int y) {
        Colour c = flat(y, x);
        const float l = even(y, x) + 1e-3f, step = stepped(l, 5, 0.14f);
        c = mix(Colour::all(l), c, 1.38f) * (mix(l, step * 1.04f + 0.05f, 0.8f) / l);
        c = mix(c, c * 0.62f, screen_of(y, x));
        const Colour ground = mix(sun(y, x), hex(other) * 0.86f, corner(y, x));
        const float outline = 4 * border(y, x) * (1 - border(y, x));
        const Colour drawn = mix(ground, c * lines(y, x), scene.share(y, x));
        return mix(drawn, hex(0x141016), smoothstep(0.35f, 0.8f, outline));
    });
}

Colours pop_art(const Scene& scene) {
    struct Palette {
        std::uint32_t ground, spot, dark, shade, skin, bright;
    };
    static constexpr std::array palettes{
        Palette{0x19b5c9, 0x0f8fa6, 0x1d1a3c, 0xe0357b, 0xff8fa0, 0xffe9b8}, Palette{0xf7c531, 0xf09a1c, 0x2a1746, 0x3a62c4, 0xff9b7a, 0xfff0cf},
        Palette{0xef4b6c, 0xd0284f, 0x17233f, 0x2089a8, 0xffc04a, 0xfff3c4}, Palette{0x7fc35a, 0x4f9c46, 0x31123f, 0xc63d8d, 0xffad72, 0xfff1c9}};
    const float u = scene.unit();
    const Palette& p = palettes[(scene.seed / 2) % palettes.size()];
    const Colours person = lit(scene, scene.person, 0.7f);
    const float power = even_power(scene);
    const Plane smooth = evened(blurred(luminance(blend(daubed(person, 8 * u), daubed(person, 3 * u, 6), features(scene))), 1.2 * u), power);
    const Plane lines =
        inked(evened(luminance(person), power), flow_of(person, 3 * u), {.width = 1.7f * u, .strength = 18, .level = 0.24f, .hard = 10});
    const Plane half = dots(Plane(made<float>(scene.size, [&](int x, int y) { return 1 - smoothstep(0.40f, 0.72f, smooth(y, x)); })), 11 * u, 0.78f);
    const Plane field = dots(Plane(scene.size, 0.34f), 30 * u, 0.78f);
    return made<Colour>(scene.size, [&](int x, int y) {
        const float l = smooth(y, x), soft = 0.018f;
        Colour c = mix(hex(p.dark), hex(p.shade), smoothstep(0.24f - soft, 0.24f + soft, l));
        c = mix(c, mix(hex(p.skin), hex(p.shade), half(y, x) * 0.9f), smoothstep(0.42f - soft, 0.42f + soft, l));
        c = mix(c, hex(p.bright), smoothstep(0.72f - soft, 0.72f + soft, l));
        c = mix(hex(p.dark), c, lines(y, x));
        return mix(mix(hex(p.ground), hex(p.spot), field(y, x)), c, smoothstep(0.35f, 0.65f, scene.share(y, x)));
    });
}

}  // namespace persona::ai::portraits

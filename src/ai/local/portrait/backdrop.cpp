#include "ai/local/portrait/backdrop.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace persona::ai::portraits {
namespace {

// Across and down the canvas, 0 to 1.
struct Place {
    float x, y;
};
template <class F>
Colours drawn(const Scene& scene, F f) {
    const auto width = static_cast<float>(scene.size.width), height = static_cast<float>(scene.size.height);
    return made<Colour>(scene.size, [&](int x, int y) { return f(Place{static_cast<float>(x) / width, static_cast<float>(y) / height}, x, y); });
}

float bell(float distance, float width) { return std::exp(-distance * distance / (2 * width * width)); }

// Added light of a lamp out of focus: an even disc with a little brighter rim.
void add_disc(Colours& into, cv::Point2f at, float radius, const Colour& light) {
    const cv::Rect box = cv::Rect(static_cast<int>(at.x - radius - 2), static_cast<int>(at.y - radius - 2), static_cast<int>(2 * radius + 5),
                                  static_cast<int>(2 * radius + 5)) &
                         cv::Rect({0, 0}, into.size());
    for (int y = box.y; y < box.br().y; ++y) {
        for (int x = box.x; x < box.br().x; ++x) {
            const float from = std::hypot(static_cast<float>(x) - at.x, static_cast<float>(y) - at.y) / radius;
            const float disc = (1 - smoothstep(0.90f, 1.03f, from)) * (0.72f + 0.28f * smoothstep(0.55f, 0.95f, from));
            into(y, x) = screen(into(y, x), light * disc);
        }
    }
}

// Rows of lit windows far away.
void add_houses(Colours& into, const Scene& scene, cv::RNG& random) {
    const float u = scene.unit();
    const auto width = static_cast<float>(scene.size.width), height = static_cast<float>(scene.size.height);
    Colours houses = Colours::zeros(scene.size);
    for (float x = -20 * u; x < width;) {
        const float wide = random.uniform(70.0f, 150.0f) * u, top = height * random.uniform(0.06f, 0.48f);
        const Colour warm = random.uniform(0, 3) ? hex(0xffc98a) : hex(0x9fc4ff);
        for (float row = top; row < height; row += 26 * u)
            for (float column = x + 8 * u; column < x + wide - 14 * u; column += 20 * u)
                if (random.uniform(0, 100) < 34)
                    cv::rectangle(houses, cv::Rect2f(column, row, 9 * u, 13 * u), cv::Scalar(warm * random.uniform(0.25f, 0.8f)), cv::FILLED);
        x += wide + 6 * u;
    }
    into += blurred(houses, 6 * u) * 0.8;
}

}  // namespace

Plane clouds(const Scene& scene, int salt, float cell, float stretch) {
    cv::RNG random(scene.seed * 977 + static_cast<std::uint64_t>(salt) * 131 + 5);
    Plane sum = Plane::zeros(scene.size);
    float strength = 0.5f, size = cell * scene.unit();
    for (int octave = 0; octave < 5 && size > 1.5f; ++octave, size /= 2, strength *= 0.55f) {
        const auto wide = static_cast<float>(scene.size.width) / (size * stretch), high = static_cast<float>(scene.size.height) / size;
        Plane small(static_cast<int>(high) + 3, static_cast<int>(wide) + 3), large;
        random.fill(small, cv::RNG::UNIFORM, -1, 1);
        cv::resize(
            small, large,
            {static_cast<int>(static_cast<float>(small.cols) * size * stretch) + 1, static_cast<int>(static_cast<float>(small.rows) * size) + 1}, 0,
            0, cv::INTER_CUBIC);
        sum += large(cv::Rect({0, 0}, scene.size)) * strength;
    }
    each(sum, [](float& v, int, int) { v = std::clamp(0.5f + 0.55f * v, 0.0f, 1.0f); });
    return sum;
}

Colours cloth(const Scene& scene, Colour bright, Colour dark, float mottle) {
    const Plane wide = clouds(scene, 1, 330), fine = clouds(scene, 2, 60);
    const float x0 = 0.5f - 0.16f * scene.side;
    return drawn(scene, [&](Place at, int x, int y) {
        const float pool = bell(std::hypot((at.x - x0) * 1.05f, at.y - 0.50f), 0.36f);
        const float spots = (wide(y, x) - 0.5f) * mottle + (fine(y, x) - 0.5f) * mottle * 0.25f;
        return mix(dark, bright, std::clamp(pool + spots, 0.0f, 1.0f));
    });
}

Colours office(const Scene& scene) {
    cv::RNG random(scene.seed * 53 + 11);
    const Colour wall = hex(0x7d8b99), glass = hex(0xdfe9f2), frame = hex(0x5d6b79);
    const float pane = random.uniform(0.23f, 0.29f), start = random.uniform(-0.2f, 0.0f), end = random.uniform(0.58f, 0.66f);
    Colours sharp = drawn(scene, [&](Place at, int, int) {
        const float aspect = static_cast<float>(scene.size.width) / static_cast<float>(scene.size.height);
        const float across = scene.side > 0 ? 1 - at.x : at.x, in_pane = std::fmod((across * aspect - start) / pane, 1.0f);
        if (at.y > end || across > 0.86f) return wall * (at.y > end ? 0.72f : 0.95f);
        if (in_pane < 0.13f || std::abs(at.y - 0.30f) < 0.008f) return frame;
        return glass * (1.02f - 0.22f * across) + hex(0x20303c) * (0.3f * at.y);
    });
    const Colours soft = blurred(sharp, 34 * scene.unit());
    const Plane wide = clouds(scene, 3, 300);
    return drawn(scene, [&](Place, int x, int y) { return soft(y, x) * (0.90f + 0.12f * (wide(y, x) - 0.5f)); });
}

Colours window_light(const Scene& scene, Colour bright, Colour dark, float panes, float slant, float soft) {
    const Plane wide = clouds(scene, 4, 260), fine = clouds(scene, 5, 12);
    const float shift = static_cast<float>(scene.seed % 7) / 7.0f;
    Plane light = made<float>(scene.size, [&](int x, int y) {
        const float u = static_cast<float>(x) / static_cast<float>(scene.size.height) * scene.side,
                    v = static_cast<float>(y) / static_cast<float>(scene.size.height);
        const float bar = v + u * slant + shift / panes, in_bar = bar * panes - std::floor(bar * panes);
        return in_bar > 0.34f ? 1.0f : 0.0f;
    });
    light = blurred(light, soft * scene.unit());
    return drawn(scene, [&](Place at, int x, int y) {
        const float pool = bell(std::hypot(at.x - 0.5f + 0.22f * scene.side, (at.y - 0.36f) * 0.9f), 0.34f);
        const float wall = 0.10f + 0.12f * (wide(y, x) - 0.5f) + 0.05f * (fine(y, x) - 0.5f) + pool * (0.18f + 0.72f * light(y, x));
        return mix(dark, bright, std::clamp(wall, 0.0f, 1.0f));
    });
}

Colours evening_sky(const Scene& scene) {
    static const std::array stops{std::pair{0.0f, hex(0x3d4a7c)},  std::pair{0.28f, hex(0x8a6a96)}, std::pair{0.50f, hex(0xe08f7a)},
                                  std::pair{0.68f, hex(0xf9b765)}, std::pair{0.80f, hex(0xffd58a)}, std::pair{1.01f, hex(0xe8a06a)}};
    const Plane veil = clouds(scene, 6, 190, 5), small = clouds(scene, 7, 60, 7);
    const float sun_x = 0.5f - 0.37f * scene.side, sun_y = 0.56f;
    const float aspect = static_cast<float>(scene.size.width) / static_cast<float>(scene.size.height);
    const Plane land = clouds(scene, 8, 420, 1);
    Colours sky = drawn(scene, [&](Place at, int x, int y) {
        std::size_t i = 1;
        while (i + 1 < stops.size() && stops[i].first < at.y) ++i;
        Colour c = mix(stops[i - 1].second, stops[i].second, smoothstep(stops[i - 1].first, stops[i].first, at.y));
        const float streak = smoothstep(0.52f, 0.80f, 0.6f * veil(y, x) + 0.4f * small(y, x));
        c = mix(c, mix(hex(0x6b4a70), hex(0xffc79a), smoothstep(0.15f, 0.6f, at.y)), streak * 0.55f);
        const float from = std::hypot((at.x - sun_x) * aspect, at.y - sun_y);
        c = screen(c, hex(0xffe2a8) * (0.95f * bell(from, 0.055f)) + hex(0xff9c50) * (0.42f * bell(from, 0.22f)));
        const float ridge = 0.80f + 0.10f * (land(scene.size.height / 2, x) - 0.5f);
        const float hill = smoothstep(ridge, ridge + 0.015f, at.y);
        return mix(c, mix(hex(0x9a5a58), hex(0x4a3048), smoothstep(ridge, 1.0f, at.y)), hill * 0.85f);
    });
    return blurred(sky, 6 * scene.unit());
}

Colours city_night(const Scene& scene) {
    static const std::array lamps{hex(0xffb45e), hex(0xff8a4a), hex(0xffd9a0), hex(0x6fb4ff), hex(0x4ad6e8), hex(0xff6a8a), hex(0xfff0d8)};
    cv::RNG random(scene.seed * 7919 + 17);
    const auto width = static_cast<float>(scene.size.width), height = static_cast<float>(scene.size.height);
    Colours night = drawn(scene, [&](Place at, int, int) {
        return mix(hex(0x0a1020), hex(0x1d2238), smoothstep(0.1f, 0.75f, at.y)) + hex(0x3a2418) * bell(at.y - 0.78f, 0.16f);
    });
    add_houses(night, scene, random);
    for (int i = 0; i < 150; ++i) {
        // Lamps crowd about the street's height and get larger the nearer they are.
        const float near = static_cast<float>(i) / 150, x = random.uniform(-0.05f, 1.05f) * width;
        const float y = height * (0.60f + static_cast<float>(random.gaussian(0.11 + 0.16 * near)) - 0.12f * near);
        const float radius = scene.unit() * (9 + 62 * near * near * random.uniform(0.6f, 1.0f));
        add_disc(night, {x, y}, radius,
                 lamps[static_cast<std::size_t>(random.uniform(0, static_cast<int>(lamps.size())))] * random.uniform(0.22f, 0.75f));
    }
    return blurred(night, 1.6 * scene.unit());
}

Colours rays(const Scene& scene, Colour one, Colour other) {
    constexpr float count = 14;
    const cv::Point2f from = scene.middle();
    const float turn = static_cast<float>(scene.seed % 13) / 13.0f, far = static_cast<float>(scene.size.height);
    return made<Colour>(scene.size, [&](int x, int y) {
        const float dx = static_cast<float>(x) - from.x, dy = static_cast<float>(y) - from.y, distance = std::hypot(dx, dy) + 1;
        const float angle = std::atan2(dy, dx) / (2 * std::numbers::pi_v<float>)*count + turn, part = angle - std::floor(angle);
        const float soft = count / (2 * std::numbers::pi_v<float> * distance);  // about one pixel
        const float share = smoothstep(-soft, soft, std::min(part, std::min(std::abs(part - 0.5f), 1 - part)) * (part < 0.5f ? 1.0f : -1.0f));
        return mix(other, one, share) * (0.90f + 0.12f * std::min(1.0f, distance / far));
    });
}

}  // namespace persona::ai::portraits

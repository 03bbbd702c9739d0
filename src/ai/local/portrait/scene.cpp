#include "ai/local/portrait/scene.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ai/local/portrait/light.hpp"

namespace persona::ai::portraits {
namespace {

// Shares of the canvas's height.
struct Composition {
    float face;          // how high the face is
    float middle;        // where its middle stands
    float lowest;        // how far down it may be moved for shoulders that end early
    float largest_face;  // how far it may be enlarged for them
};
Composition composition(Aspect aspect) {
    switch (aspect) {
        case Aspect::portrait: return {.face = 0.295f, .middle = 0.41f, .lowest = 0.50f, .largest_face = 0.60f};
        case Aspect::square: return {.face = 0.31f, .middle = 0.43f, .lowest = 0.52f, .largest_face = 0.64f};
        case Aspect::landscape: return {.face = 0.40f, .middle = 0.47f, .lowest = 0.54f, .largest_face = 0.70f};
    }
    return {};
}

// Where the photo's own edge cuts the person.
struct Cuts {
    bool left, top, right;
};
Cuts cuts_of(const Cutout& cutout, const Plane& person) {
    constexpr double touches = 0.04;  // of the edge's length
    const int l = static_cast<int>(cutout.left), t = static_cast<int>(cutout.top), r = static_cast<int>(cutout.right),
              b = static_cast<int>(cutout.bottom);
    const auto part = [&](cv::Rect edge) { return edge.area() > 0 && cv::mean(person(edge))[0] > touches; };
    return {l > 0 && part({l, t, 2, b - t}), t > 0 && part({l, t, r - l, 2}), r < Cutout::side && part({r - 2, t, 2, b - t})};
}

struct Placement {
    float scale, x, y;
};

float between(float wanted, float least, float most) { return least > most ? least : std::clamp(wanted, least, most); }

Placement place(const Cutout& cutout, const Cuts& cuts, const Composition& rule, cv::Size canvas) {
    const auto width = static_cast<float>(canvas.width), height = static_cast<float>(canvas.height);
    const float face = std::max(cutout.face.width, cutout.face.height);
    const float x = cutout.face.left + cutout.face.width / 2, y = cutout.face.top + cutout.face.height / 2;
    float scale = rule.face * height / face;
    scale = std::max(scale, (1 - rule.lowest) * height / (cutout.bottom - y));
    if (cuts.left && cuts.right) scale = std::max(scale, width / (cutout.right - cutout.left));
    scale = std::min(scale, rule.largest_face * height / face);
    if (cuts.top) scale = std::max(scale, height / (cutout.bottom - cutout.top));  // a cut head looks right only at the canvas's own edge
    const float up = height - cutout.bottom * scale;                               // at least so far down, that the shoulders reach the edge
    const float down = cuts.top ? -cutout.top * scale : height, to_left = cuts.left ? -cutout.left * scale : width;
    const float to_right = cuts.right ? width - cutout.right * scale : -width;
    const float across = width / 2 - x * scale;
    const bool fits = to_right <= to_left;
    return {scale, fits ? std::clamp(across, to_right, to_left) : across, between(rule.middle * height - y * scale, up, down)};
}

// What the canvas could not hide of a cut fades away.
void fade(Plane& share, const Cuts& cuts, const Cutout& cutout, const Placement& at) {
    const float left = cutout.left * at.scale + at.x, right = cutout.right * at.scale + at.x, top = cutout.top * at.scale + at.y;
    const float soft = 0.09f * static_cast<float>(share.cols);
    const bool by_left = cuts.left && left > 0.5f, by_right = cuts.right && right < static_cast<float>(share.cols) - 0.5f,
               by_top = cuts.top && top > 0.5f;
    if (!by_left && !by_right && !by_top) return;
    each(share, [&](float& value, int x, int y) {
        if (by_left) value *= smoothstep(left, left + soft, static_cast<float>(x));
        if (by_right) value *= 1 - smoothstep(right - soft, right, static_cast<float>(x));
        if (by_top) value *= smoothstep(top, top + soft / 2, static_cast<float>(y));
    });
}

Face moved(const Face& face, const Placement& at) {
    Face result = face;
    result.left = face.left * at.scale + at.x, result.top = face.top * at.scale + at.y;
    result.width = face.width * at.scale, result.height = face.height * at.scale;
    for (Spot Face::* spot : {&Face::left_eye, &Face::right_eye, &Face::nose, &Face::mouth, &Face::left_ear, &Face::right_ear})
        result.*spot = {(face.*spot).x * at.scale + at.x, (face.*spot).y * at.scale + at.y};
    return result;
}

void spread(Plane& plane, Spot middle, float width, float height) {
    each(plane, [&](float& value, int x, int y) {
        const float dx = (static_cast<float>(x) - middle.x) / width, dy = (static_cast<float>(y) - middle.y) / height;
        value = std::max(value, 1 - smoothstep(0.45f, 1.0f, dx * dx + dy * dy));
    });
}

}  // namespace

Scene scene_of(const Cutout& cutout, Aspect aspect, std::uint64_t seed, int longest) {
    const Size size = size_of(aspect, longest);
    const cv::Mat mask(Cutout::side, Cutout::side, CV_8UC1, const_cast<std::uint8_t*>(cutout.person.data()));
    Plane person;
    mask.convertTo(person, CV_32F, 1 / 255.0);
    const Cuts cuts = cuts_of(cutout, person);
    const Placement at = place(cutout, cuts, composition(aspect), {size.width, size.height});
    Scene scene{.size = {size.width, size.height}, .face = moved(cutout.face, at), .seed = seed, .side = seed % 2 ? 1.0f : -1.0f};
    const cv::Matx23f into(at.scale, 0, at.x, 0, at.scale, at.y);
    cv::warpAffine(colours_of(cutout.picture), scene.person, into, scene.size, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    cv::warpAffine(person, scene.share, into, scene.size, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    fade(scene.share, cuts, cutout, at);
    expose(scene);
    return scene;
}

Plane features(const Scene& scene) {
    Plane result = Plane::zeros(scene.size);
    const float w = scene.face.width;
    for (const Spot eye : {scene.face.left_eye, scene.face.right_eye}) spread(result, {eye.x, eye.y - 0.02f * w}, 0.21f * w, 0.15f * w);
    spread(result, scene.face.mouth, 0.26f * w, 0.15f * w);
    spread(result, {scene.face.nose.x, scene.face.nose.y}, 0.16f * w, 0.15f * w);
    return result;
}

Plane face_share(const Scene& scene) {
    Plane result = Plane::zeros(scene.size);
    const cv::Point2f middle = scene.middle();
    spread(result, {middle.x, middle.y - 0.04f * scene.face.height}, 0.68f * scene.face.width, 0.85f * scene.face.height);
    return result;
}

}  // namespace persona::ai::portraits

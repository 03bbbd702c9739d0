#include "ai/local/portrait/cutout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <opencv2/imgproc.hpp>

namespace persona::ai::portraits {
namespace {

constexpr int side = Cutout::side;
constexpr float face_share = 1 / 3.4f;                             // of the square's side: room for both shoulders
constexpr float face_height = 0.40f;                               // where its middle stands
constexpr float most_roll = 25 * std::numbers::pi_v<float> / 180;  // somebody who leans further means it
constexpr double least_person = 0.12;                              // of the square

struct Frame {
    cv::Matx23f into;  // from the photo to the square
    float scale;

    Spot operator()(Spot spot) const {
        const cv::Vec2f at = into * cv::Vec3f(spot.x, spot.y, 1);
        return {at[0], at[1]};
    }
};

Frame frame_of(const Face& face, float roll) {
    const float scale = face_share * side / std::max(face.width, face.height);
    const float c = std::cos(roll) * scale, s = std::sin(roll) * scale;
    const float x = face.left + face.width / 2, y = face.top + face.height / 2;
    return {{c, s, side / 2.0f - c * x - s * y, -s, c, side * face_height + s * x - c * y}, scale};
}

// A photo far larger than the square is made smaller first: warpAffine looks at four pixels only.
Colours taken(const media::Picture& photo, const Frame& frame) {
    cv::Mat bytes(photo.height, photo.width, CV_8UC3, const_cast<std::uint8_t*>(photo.rgb.data()));
    cv::Matx23f into = frame.into;
    if (frame.scale < 0.75f) {
        cv::resize(bytes, bytes, {}, frame.scale, frame.scale, cv::INTER_AREA);
        for (int row = 0; row < 2; ++row)
            for (int column = 0; column < 2; ++column) into(row, column) /= frame.scale;
    }
    cv::Mat square;
    cv::warpAffine(bytes, square, into, {side, side}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
    Colours result;
    square.convertTo(result, CV_32F, 1 / 255.0);
    return result;
}

Plane reach_of(const media::Picture& photo, const Frame& frame) {
    const Plane all = Plane::ones(photo.height, photo.width);
    Plane result;
    cv::warpAffine(all, result, frame.into, {side, side}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, 0);
    return result;
}

Face moved(const Face& face, const Frame& frame) {
    Face result = face;
    result.width = face.width * frame.scale, result.height = face.height * frame.scale;
    const Spot middle = frame({face.left + face.width / 2, face.top + face.height / 2});
    result.left = middle.x - result.width / 2, result.top = middle.y - result.height / 2;
    for (Spot Face::* spot : {&Face::left_eye, &Face::right_eye, &Face::nose, &Face::mouth, &Face::left_ear, &Face::right_ear})
        result.*spot = frame(face.*spot);
    return result;
}

struct Edges {
    float left, top, right, bottom;
};
// A leaning photo ends in slanted lines; these are the straight ones inside which next to nothing is missing.
Edges edges_of(const Plane& reach) {
    constexpr float enough = 0.97f;
    const int middle = side / 2, at = static_cast<int>(side * face_height), half = static_cast<int>(side * face_share / 2);
    const auto whole = [&](cv::Rect part) { return cv::mean(reach(part))[0] > enough; };
    int top = at, bottom = at, left = middle, right = middle;
    while (left > 0 && whole({left - 1, at - half, 1, 2 * half})) --left;
    while (right < side && whole({right, at - half, 1, 2 * half})) ++right;
    const int from = std::max(left, middle - 2 * half), width = std::max(1, std::min(right, middle + 2 * half) - from);
    while (bottom < side && whole({from, bottom, width, 1})) ++bottom;
    while (top > 0 && whole({from, top - 1, width, 1})) --top;
    return {static_cast<float>(left), static_cast<float>(top), static_cast<float>(right), static_cast<float>(bottom)};
}

struct Fitting {
    Frame frame;
    Plane reach;
    Edges edges;
};
// A head is put upright as far as the photo has something to turn in: hair and shoulders count for more.
Fitting fitting(const media::Picture& photo, const Face& face) {
    constexpr float hair = 0.95f, shoulders = 1.75f;  // of the face's side, above and below its middle
    const float roll = std::clamp(face.roll(), -most_roll, most_roll), unit = face_share * side, at = side * face_height;
    Fitting fit;
    for (const float share : {1.0f, 0.6f, 0.3f, 0.0f}) {
        fit.frame = frame_of(face, roll * share);
        fit.reach = reach_of(photo, fit.frame);
        fit.edges = edges_of(fit.reach);
        if (fit.edges.top <= at - hair * unit && fit.edges.bottom >= at + shoulders * unit) break;
    }
    return fit;
}

}  // namespace

std::optional<Cutout> cut(const media::Picture& photo, const Face& face, const Segmentation& segmentation) {
    if (face.width < 1 || face.height < 1) return std::nullopt;
    const Fitting fit = fitting(photo, face);
    const Colours square = taken(photo, fit.frame);
    Plane person = segmentation.person_in(square, {side / 2, static_cast<int>(side * face_height)});
    person = person.mul(fit.reach);
    if (cv::mean(person)[0] < least_person) return std::nullopt;

    Cutout result{.picture = picture_of(without_background(square, person), 0), .person = Bytes(side * side), .face = moved(face, fit.frame)};
    cv::Mat bytes(side, side, CV_8UC1, result.person.data());
    person.convertTo(bytes, CV_8U, 255);
    result.left = fit.edges.left, result.top = fit.edges.top, result.right = fit.edges.right, result.bottom = fit.edges.bottom;
    return result;
}

}  // namespace persona::ai::portraits

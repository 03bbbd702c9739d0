#include "ai/local/faces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "ai/local/onnx.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr int side = 256;            // the network's input
constexpr std::size_t numbers = 16;  // an answer: centre, size, and the six spots of Face, as distances from the anchor
constexpr float certain = 0.6f;      // of the best anchor: below, hands and dogs begin
constexpr float likely = 0.4f;       // of the anchors that are averaged into it
constexpr float same_face = 0.3f;    // intersection over union

// The network looks at a coarse and a fine grid; each cell answers several times.
struct Grid {
    int cells;
    int answers;
};
constexpr std::array grids{Grid{16, 2}, Grid{8, 6}};  // 512 and 384 answers

// The whole picture in the network's square, with grey where it does not reach: its proportions stay.
struct Letterbox {
    float scale = 1, left = 0, top = 0;

    explicit Letterbox(int width, int height) : scale(static_cast<float>(side) / static_cast<float>(std::max(width, height))) {
        left = (side - static_cast<float>(width) * scale) / 2;
        top = (side - static_cast<float>(height) * scale) / 2;
    }
    Spot back(float x, float y) const { return {(x - left) / scale, (y - top) / scale}; }
};

cv::Mat seen(const media::Picture& picture, const Letterbox& box) {
    const cv::Mat whole(picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data()));
    const int width = std::max(1, static_cast<int>(std::lround(static_cast<float>(picture.width) * box.scale)));
    const int height = std::max(1, static_cast<int>(std::lround(static_cast<float>(picture.height) * box.scale)));
    cv::Mat small, square(side, side, CV_8UC3, cv::Scalar::all(128)), input;
    cv::resize(whole, small, {width, height}, 0, 0, box.scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
    small.copyTo(square(cv::Rect((side - width) / 2, (side - height) / 2, width, height)));
    square.convertTo(input, CV_32FC3, 1 / 127.5, -1);
    return input;
}

// An answer and where its cell stands, in pixels of the square.
Face face_of(const float* answer, float score, float x, float y) {
    const auto spot = [&](int index) { return Spot{x + answer[4 + 2 * index], y + answer[5 + 2 * index]}; };
    return {.left = x + answer[0] - answer[2] / 2,
            .top = y + answer[1] - answer[3] / 2,
            .width = answer[2],
            .height = answer[3],
            .left_eye = spot(0),
            .right_eye = spot(1),
            .nose = spot(2),
            .mouth = spot(3),
            .left_ear = spot(4),
            .right_ear = spot(5),
            .score = score};
}

void read_grid(const Grid& grid, const float* scores, const float* answers, std::vector<Face>& into) {
    const float cell = static_cast<float>(side) / static_cast<float>(grid.cells);
    for (int i = 0; i < grid.cells * grid.cells * grid.answers; ++i) {
        const float score = 1 / (1 + std::exp(-scores[i]));
        if (score < likely) continue;
        const int at = i / grid.answers;
        const int row = at / grid.cells, column = at % grid.cells;
        const float x = (static_cast<float>(column) + 0.5f) * cell, y = (static_cast<float>(row) + 0.5f) * cell;
        const Face face = face_of(answers + static_cast<std::size_t>(i) * numbers, score, x, y);
        if (face.width > 1 && face.height > 1) into.push_back(face);
    }
}

float overlap(const Face& a, const Face& b) {
    const cv::Rect2f one(a.left, a.top, a.width, a.height), other(b.left, b.top, b.width, b.height);
    const float both = (one & other).area();
    return both / (one.area() + other.area() - both);
}

// The numbers of a face as one row, so that faces can be averaged.
using Row = std::array<float*, numbers>;
Row row_of(Face& f) {
    return {&f.left,   &f.top,    &f.width,   &f.height,  &f.left_eye.x, &f.left_eye.y, &f.right_eye.x, &f.right_eye.y,
            &f.nose.x, &f.nose.y, &f.mouth.x, &f.mouth.y, &f.left_ear.x, &f.left_ear.y, &f.right_ear.x, &f.right_ear.y};
}

// Several anchors see one face: they are averaged by how sure each is, which is steadier than the surest alone.
Face averaged(std::vector<Face>& same) {
    Face result;
    float total = 0;
    for (Face& face : same) {
        const Row from = row_of(face), to = row_of(result);
        for (std::size_t i = 0; i < numbers; ++i) *to[i] += *from[i] * face.score;
        total += face.score;
    }
    for (float* number : row_of(result)) *number /= total;
    result.score = same.front().score;
    return result;
}

std::vector<Face> merged(std::vector<Face> seen) {
    std::ranges::sort(seen, std::greater{}, &Face::score);
    std::vector<Face> result;
    while (!seen.empty() && seen.front().score >= certain) {
        const Face best = seen.front();
        std::vector<Face> same, others;
        for (const Face& face : seen) (overlap(best, face) > same_face ? same : others).push_back(face);
        result.push_back(averaged(same));
        seen = std::move(others);
    }
    return result;
}

Face in_picture(Face face, const Letterbox& box) {
    for (Spot* spot : {&face.left_eye, &face.right_eye, &face.nose, &face.mouth, &face.left_ear, &face.right_ear}) *spot = box.back(spot->x, spot->y);
    const Spot corner = box.back(face.left, face.top);
    face.left = corner.x, face.top = corner.y;
    face.width /= box.scale, face.height /= box.scale;
    return face;
}

}  // namespace

struct FaceFinder::Model {
    OnnxModel onnx;

    explicit Model(const std::filesystem::path& file) : onnx(file) {
        if (onnx.inputs().size() != 1 || onnx.outputs().size() != 2 * grids.size()) throw Corrupt(file.string() + " is not laid out as BlazeFace");
    }
};

FaceFinder::FaceFinder(const std::filesystem::path& models) : model_(std::make_shared<Model>(models / "blazeface/blazeface_back.onnx")) {}

std::vector<Face> FaceFinder::find(const media::Picture& picture) const {
    if (picture.width < 1 || picture.height < 1) return {};
    const Letterbox box(picture.width, picture.height);
    const cv::Mat pixels = seen(picture, box);
    const Ort::Value input = tensor_over(std::span(pixels.ptr<float>(), pixels.total() * 3), {1, side, side, 3});
    const std::array values{&input};
    const auto outputs = model_->onnx.run(values);
    std::vector<Face> faces;
    for (std::size_t i = 0; i < grids.size(); ++i)
        read_grid(grids[i], outputs[i].GetTensorData<float>(), outputs[i + grids.size()].GetTensorData<float>(), faces);
    faces = merged(std::move(faces));
    for (Face& face : faces) face = in_picture(face, box);
    std::ranges::sort(faces, std::greater{}, [](const Face& face) { return face.width * face.height; });
    return faces;
}

}  // namespace persona::ai

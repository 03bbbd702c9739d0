#include "ai/local/portrait/segmentation.hpp"

#include <opencv2/imgproc.hpp>

#include "ai/local/onnx.hpp"
#include "ai/local/portrait/guided_filter.hpp"
#include "base/error.hpp"

namespace persona::ai::portraits {
namespace {

constexpr int side = 256;                               // the network's input
constexpr float surely_out = 0.28f, surely_in = 0.92f;  // of the refined share: what the filter leaves of the background, and takes of the person

// The part that hangs together with `here`, and a little around it; elsewhere nothing.
Plane one_person(const Plane& share, cv::Point here) {
    cv::Mat1b solid = share > 0.5f;
    cv::Mat1i labels;
    cv::connectedComponents(solid, labels, 8);
    const int label = labels(here);
    if (label == 0) return Plane::zeros(share.size());
    cv::Mat1b own = labels == label;
    cv::dilate(own, own, cv::getStructuringElement(cv::MORPH_ELLIPSE, {13, 13}));
    Plane result = share.clone();
    result.setTo(0, ~own);
    return result;
}

// Gaps inside a person (a bright collar, a reflection in glasses) belong to the person.
void fill_gaps(Plane& share) {
    cv::Mat1b gaps = share < 0.5f;
    cv::Mat1i labels;
    cv::Mat1i stats;
    cv::Mat1d centres;
    const int count = cv::connectedComponentsWithStats(gaps, labels, stats, centres, 4);
    for (int i = 1; i < count; ++i) {
        const cv::Rect box(stats(i, cv::CC_STAT_LEFT), stats(i, cv::CC_STAT_TOP), stats(i, cv::CC_STAT_WIDTH), stats(i, cv::CC_STAT_HEIGHT));
        const bool inside = box.x > 0 && box.y > 0 && box.br().x < share.cols && box.br().y < share.rows;
        if (inside && stats(i, cv::CC_STAT_AREA) < static_cast<int>(share.total() / 400)) share.setTo(1, labels == i);
    }
}

template <class Mat>
Mat mean(const Mat& from, int radius) {
    Mat result;
    cv::boxFilter(from, result, -1, {2 * radius + 1, 2 * radius + 1}, {-1, -1}, true, cv::BORDER_REPLICATE);
    return result;
}

Colours times(const Colours& colours, const Plane& share) {
    return made<Colour>(colours.size(), [&](int x, int y) { return colours(y, x) * share(y, x); });
}

// One step of an estimate: both sides of the edge as means of their own pixels nearby, then what is missing to the pixel itself.
Colours foreground(const Colours& picture, const Colours& person, const Colours& background, const Plane& share, int radius) {
    const Plane ours = mean(share, radius), theirs = mean(Plane(1 - share), radius);
    const Colours front = mean(times(person, share), radius), back = mean(times(background, Plane(1 - share)), radius);
    return made<Colour>(picture.size(), [&](int x, int y) {
        const float a = share(y, x);
        const Colour f = front(y, x) / (ours(y, x) + 1e-4f), b = back(y, x) / (theirs(y, x) + 1e-4f);
        Colour result = f + a * (picture(y, x) - a * f - (1 - a) * b);
        for (int i = 0; i < 3; ++i) result[i] = std::clamp(result[i], 0.0f, 1.0f);
        return result;
    });
}

}  // namespace

struct Segmentation::Model {
    OnnxModel onnx;

    explicit Model(const std::filesystem::path& file) : onnx(file) {
        if (onnx.inputs().size() != 1 || onnx.outputs().size() != 1) throw Corrupt(file.string() + " is not laid out as selfie segmentation");
    }
};

Segmentation::Segmentation(const std::filesystem::path& models)
    : model_(std::make_shared<Model>(models / "selfie-segmentation/selfie_segmentation.onnx")) {}

Plane Segmentation::person_in(const Colours& picture, cv::Point here) const {
    Colours small;
    cv::resize(picture, small, {side, side}, 0, 0, cv::INTER_AREA);
    const Ort::Value input = tensor_over(std::span(small.ptr<float>(), small.total() * 3), {1, side, side, 3});
    const std::array values{&input};
    const auto outputs = model_->onnx.run(values);
    const Plane coarse(side, side, const_cast<float*>(outputs[0].GetTensorData<float>()));
    const cv::Point there(std::clamp(here.x * side / picture.cols, 0, side - 1), std::clamp(here.y * side / picture.rows, 0, side - 1));
    Plane person = one_person(coarse, there);
    fill_gaps(person);
    Plane refined = guided(picture, person, 6, 3e-4f);
    each(refined, [](float& share, int, int) { share = smoothstep(surely_out, surely_in, share); });
    return refined;
}

Colours without_background(const Colours& picture, const Plane& person) {
    const Colours rough = foreground(picture, picture, picture, person, picture.cols / 14);
    return foreground(picture, rough, picture, person, picture.cols / 128);
}

}  // namespace persona::ai::portraits

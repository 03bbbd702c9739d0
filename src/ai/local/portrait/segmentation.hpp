// What of a picture is a person: MediaPipe's selfie segmentation, brought to the picture's own edges. 40 ms for a picture of 1024 pixels.
#pragma once

#include <filesystem>
#include <memory>

#include "ai/local/portrait/pixels.hpp"

namespace persona::ai::portraits {

// One for the process; cheap to copy, safe from several threads at once.
class Segmentation {
public:
    // models: the folder that cmake/models/fetch fills. load_onnx_runtime comes first. Throws Corrupt where the file is another model.
    explicit Segmentation(const std::filesystem::path& models);

    // How much of each pixel belongs to a person, 0 to 1. Only what hangs together with `here` counts: not somebody in the background.
    Plane person_in(const Colours& picture, cv::Point here) const;

private:
    struct Model;
    std::shared_ptr<const Model> model_;
};

// The person's own colours where the old background shines through hair and edges, and a continuation of them outside.
Colours without_background(const Colours& picture, const Plane& person);

}  // namespace persona::ai::portraits

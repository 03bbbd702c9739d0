// Faces found by BlazeFace, the detector of MediaPipe for cameras across a room: 20 ms a picture, of any size.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "ai/faces.hpp"
#include "media/picture.hpp"

namespace persona::ai {

// One for the process. A value that is cheap to copy; its copies share the model, and find is safe from several threads at once.
class FaceFinder {
public:
    // models: the folder that cmake/models/fetch fills. load_onnx_runtime comes first. Throws Corrupt where the file is another model.
    explicit FaceFinder(const std::filesystem::path& models);

    // Biggest first. A face is found from about a twentieth of the longer side on.
    std::vector<Face> find(const media::Picture& picture) const;

private:
    struct Model;
    std::shared_ptr<const Model> model_;
};

}  // namespace persona::ai

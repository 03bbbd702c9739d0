// A small photo twice as large, with edges that a plain enlargement has not: the slim network of UpscalerJS (MIT) on ONNX Runtime.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "media/picture.hpp"

namespace persona::ai::enhancement {

// One for the process; several threads may use it at once. load_onnx_runtime comes first. Throws Corrupt where the file is no such model.
class Upscaler {
public:
    explicit Upscaler(const std::filesystem::path& model);
    ~Upscaler();

    // In tiles, so that memory does not grow with the photo; 5.5 s of CPU on two threads a megapixel of the small one. Part of the work when asked to
    // stop.
    media::Picture twice(const media::Picture& picture, const std::stop_token& stop) const;

private:
    struct Model;
    std::unique_ptr<const Model> model_;
};

}  // namespace persona::ai::enhancement

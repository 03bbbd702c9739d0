// Photos made better on this machine: what is measured to be wrong is mended, and nothing is invented.
#pragma once

#include <filesystem>
#include <memory>

#include "ai/enhance.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

namespace enhancement {
class Upscaler;
}

class LocalEnhance final : public EnhanceEngine {
public:
    // upscaler: the model, slim_x2.onnx; a file that is not there means that small photos stay small. load_onnx_runtime comes first where
    // there is one. cpu must outlive it. Throws Corrupt where the file is no such model.
    LocalEnhance(CpuPool& cpu, const std::filesystem::path& upscaler);
    ~LocalEnhance() override;

    std::string_view name() const override { return "local"; }
    int most_side() const override { return 4096; }
    // Throws TimedOut. Memory: about 35 bytes a pixel.
    Task<std::expected<media::Picture, EnhanceError>> enhance(media::Picture picture, std::vector<Face> faces, Deadline deadline) const override;

private:
    Task<media::Picture> on_pool(media::Picture picture, std::vector<Face> faces) const;

    CpuPool& cpu_;
    std::unique_ptr<const enhancement::Upscaler> upscaler_;
};

}  // namespace persona::ai

// Portraits without a cloud: the person is cut out of their own best photos, and each style is light, backdrop or paint about them.
// Nothing is invented: whoever has one photo gets that face and that expression.
#pragma once

#include <filesystem>

#include "ai/local/faces.hpp"
#include "ai/local/portrait/segmentation.hpp"
#include "ai/portrait.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

class LocalPortraits final : public PortraitEngine {
public:
    // models: the folder that cmake/models/fetch fills; load_onnx_runtime comes first. cpu and faces must outlive it. Throws Corrupt.
    LocalPortraits(CpuPool& cpu, const FaceFinder& faces, const std::filesystem::path& models);

    std::string_view name() const override { return "local"; }
    bool renders() const override { return true; }

    // Ends at once with up to four cutouts, of the clearest photos that give one; `photos` where none does. About a second. Throws TimedOut.
    Task<PortraitResult<std::variant<Pending, Trained>>> train(TrainingOrder order, Deadline deadline) override;
    // Image i is of cutout i mod n, with the seed plus i. Up to a second and a half an image, on one thread; a cancel is heard between two. Throws
    // TimedOut.
    Task<PortraitResult<std::variant<Pending, Images>>> paint(ImageOrder order, Deadline deadline) override;

    // It answers at once and is never asked again: refused.
    Task<PortraitResult<std::variant<Waiting, Trained>>> training(std::string request, Deadline deadline) override;
    Task<PortraitResult<std::variant<Waiting, Images>>> painting(std::string request, Deadline deadline) override;
    Task<PortraitResult<Trained>> trained(std::string told, Deadline deadline) override;
    Task<PortraitResult<Images>> painted(std::string told, Deadline deadline) override;
    Task<void> cancel_training(std::string, Deadline) override { co_return; }
    Task<void> cancel_painting(std::string, Deadline) override { co_return; }

private:
    Task<std::vector<std::string>> learn(std::vector<TrainingPhoto> photos);
    Task<PortraitResult<Images>> render(ImageOrder order);

    CpuPool& cpu_;
    const FaceFinder& faces_;
    portraits::Segmentation segmentation_;
};

}  // namespace persona::ai

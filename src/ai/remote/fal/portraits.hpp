// Portraits by fal.ai: photos go there as a zip, a model is learnt in its queue, images are painted by another endpoint and come home
// decoded and written anew. The request's id is all that is kept between; storing it is the caller's.
#pragma once

#include <functional>
#include <stop_token>

#include "ai/portrait.hpp"
#include "ai/remote/fal/client.hpp"
#include "async/cpu_pool.hpp"

namespace persona::media {
class PictureReader;
}

namespace persona::ai {

namespace fal {
// A stranger's picture as a JPEG of our own, or nothing where it is none. Runs on the CPU pool.
using Repaint = std::function<std::optional<std::string>(std::string_view bytes, std::stop_token stop)>;
// By the decoder in a child process; reader must outlive it.
Repaint repainted_by(const media::PictureReader& reader);
}  // namespace fal

// Owned by main. An exception comes only from a photo that cannot be read and from cancellation.
class FalPortraits final : public PortraitEngine {
public:
    // http and pool must outlive it. Throws BadConfig (see fal::checked).
    FalPortraits(http::Client& http, CpuPool& pool, fal::Repaint repaint, fal::Config config);

    std::string_view name() const override { return "fal"; }
    bool renders() const override { return false; }

    Task<PortraitResult<std::variant<Pending, Trained>>> train(TrainingOrder order, Deadline deadline) override;
    Task<PortraitResult<std::variant<Pending, Images>>> paint(ImageOrder order, Deadline deadline) override;
    Task<PortraitResult<std::variant<Waiting, Trained>>> training(std::string request, Deadline deadline) override;
    Task<PortraitResult<std::variant<Waiting, Images>>> painting(std::string request, Deadline deadline) override;
    Task<PortraitResult<Trained>> trained(std::string told, Deadline deadline) override;
    Task<PortraitResult<Images>> painted(std::string told, Deadline deadline) override;
    Task<void> cancel_training(std::string request, Deadline deadline) override;
    Task<void> cancel_painting(std::string request, Deadline deadline) override;

private:
    // The result of a request that is over, nothing while it goes on.
    struct Looked {
        Waiting waiting;
        std::optional<std::string> result;
    };
    static PortraitResult<std::string> result_of(PortraitResult<Looked> looked);  // of one that is over
    Task<PortraitResult<Looked>> look(const std::string& endpoint, std::string request, Deadline deadline);
    // The payload of a webhook; one that came without is asked for.
    Task<PortraitResult<std::string>> payload(const std::string& endpoint, std::string told, Deadline deadline);
    Task<PortraitResult<std::string>> archive(std::vector<TrainingPhoto> photos);
    PortraitResult<Trained> learnt(PortraitResult<std::string> result) const;
    Task<PortraitResult<Images>> collect(PortraitResult<std::string> result, Deadline deadline);
    Task<void> cancel(const std::string& endpoint, std::string request, Deadline deadline);

    CpuPool& pool_;
    fal::Repaint repaint_;
    fal::Client client_;
    const fal::TrainingDialect& trainer_;
    const fal::ImageDialect& painter_;
};

}  // namespace persona::ai

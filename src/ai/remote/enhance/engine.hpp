// Photos made better by a server of the operator's choice (wire.hpp says how it is spoken to). What it answers is a stranger's file.
#pragma once

#include "ai/enhance.hpp"
#include "ai/remote/enhance/wire.hpp"
#include "ai/remote/patience.hpp"
#include "async/cpu_pool.hpp"
#include "http/client.hpp"
#include "media/picture_reader.hpp"

namespace persona::ai {

struct RemoteEnhanceConfig {
    std::string url;           // PERSONA_ENHANCE_URL
    Secret key = {};           // empty: the server asks for none
    Millis patience{120'000};  // for one try
    PatienceConfig tries = {};
};

// Owned by the worker's role. Where the server fails there is no stand-in: the person is told and pays nothing.
class RemoteEnhance final : public EnhanceEngine {
public:
    // All of them must outlive it. Throws BadConfig where the address is neither https nor on this machine.
    RemoteEnhance(http::Client& http, CpuPool& cpu, const media::PictureReader& reader, RemoteEnhanceConfig config);

    std::string_view name() const override { return "remote"; }
    int most_side() const override { return 2048; }
    // The faces stay here: the server finds its own. Neither the key nor the photo is in any log or error.
    Task<std::expected<media::Picture, EnhanceError>> enhance(media::Picture picture, std::vector<Face> faces, Deadline deadline) const override;

private:
    using Answer = std::expected<media::Picture, ProviderError>;
    Task<Answer> once(const media::Picture& picture, const std::string& jpeg, Deadline deadline) const;
    Task<Answer> read(const media::Picture& sent, std::string bytes, Deadline deadline) const;

    http::Client& http_;
    CpuPool& cpu_;
    const media::PictureReader& reader_;
    const RemoteEnhanceConfig config_;
    mutable Patience patience_;  // what it learns of the server is not of this engine's making
};

}  // namespace persona::ai

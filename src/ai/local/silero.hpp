// Silero VAD v6: how likely each 32 ms of a recording is speech (MIT weights, ISC package).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "ai/segmenter.hpp"

namespace persona::ai {

// The model; one may serve many recordings, from several threads. load_onnx_runtime comes first. Throws Corrupt.
class Silero {
public:
    explicit Silero(const std::filesystem::path& file);
    ~Silero();

    // The memory of one recording: frames go in, in order. It may outlive this object; the same samples give the same numbers.
    VoiceActivity listen() const;

private:
    struct Model;
    std::shared_ptr<const Model> model_;
};

}  // namespace persona::ai

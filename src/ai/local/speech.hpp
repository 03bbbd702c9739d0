// Speech without a cloud: Moonshine hears English, Silero finds where somebody speaks.
#pragma once

#include <filesystem>
#include <memory>

#include "ai/local/silero.hpp"
#include "ai/speech.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

// Files that cmake/models/fetch brings, under one folder.
struct ModelPaths {
    std::filesystem::path folder;

    std::filesystem::path onnx_runtime() const { return folder / "onnxruntime/libonnxruntime.so"; }
    std::filesystem::path moonshine() const { return folder / "moonshine-base"; }
    std::filesystem::path silero() const { return folder / "silero-vad/silero_vad_v6.onnx"; }
    std::filesystem::path upscaler() const { return folder / "upscaler/slim_x2.onnx"; }
};

// Loads 65 MB of weights, which stay about 150 MB of memory; make one a process. It hears on threads of cpu, which must outlive it.
// Throws BadConfig without ONNX Runtime, Corrupt without a model.
std::unique_ptr<SpeechEngine> local_speech(const ModelPaths& paths, CpuPool& cpu);
Silero local_voice_activity(const ModelPaths& paths);

}  // namespace persona::ai

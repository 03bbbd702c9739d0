// Whisper as a speech engine: Russian, English and more, with a model that the operator names (docs/guides/whisper.md).
#pragma once

#include <filesystem>
#include <memory>

#include "ai/speech.hpp"
#include "async/cpu_pool.hpp"

namespace persona::ai {

struct WhisperConfig {
    std::filesystem::path model;  // a ggml file of whisper.cpp
    int threads = 2;              // of the one segment that is heard at a time
};

// Loads the weights: as much memory as the file, and some hundred MB to work in. It hears on threads of cpu, which must outlive it, and
// lives on the executor's thread. Throws BadConfig.
std::unique_ptr<SpeechEngine> whisper_speech(const WhisperConfig& config, Executor executor, CpuPool& cpu);

}  // namespace persona::ai

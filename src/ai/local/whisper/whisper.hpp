// Whisper through whisper.cpp: one call hears up to 30 s. Synchronous; for the CPU pool. Nothing of whisper.cpp shows here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "ai/local/whisper/model_file.hpp"
#include "ai/speech.hpp"

namespace persona::ai {

struct WhisperHearing {
    std::string text;                       // valid UTF-8; empty where it finds no speech
    std::vector<std::int64_t> tokens;       // of the text
    std::vector<double> log_probabilities;  // of each token
    double no_speech = 0;                   // probability that nobody speaks
    bool looped = false;                    // it repeated itself and was cut
};

class Whisper {
public:
    // threads: of one call. Loads the weights. Throws BadConfig where the file is no model or the processor has no AVX2.
    Whisper(const std::filesystem::path& file, int threads);
    ~Whisper();

    const WhisperModel& model() const { return model_; }
    // samples: 16 kHz in [-1, 1], at most 30 s. language: ISO 639-1; English whatever it says for an English model.
    // One call at a time. Nothing where it was stopped. Throws Unavailable where it fails (memory).
    std::optional<WhisperHearing> hear(std::span<const float> samples, const std::string& language, std::stop_token stop);
    // The most probable language of those that the model knows; English for an English model. Otherwise as hear.
    std::optional<LanguageGuess> guess(std::span<const float> samples, std::stop_token stop);

    static constexpr Millis longest{30'000};

private:
    struct Context;
    WhisperModel model_;
    int threads_;
    std::unique_ptr<Context> context_;
};

}  // namespace persona::ai

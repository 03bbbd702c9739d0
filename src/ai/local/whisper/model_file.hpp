// What a ggml file of whisper.cpp's converter says about itself in its first 48 bytes, so that a wrong file is named and not run, and
// the languages are known without its weights. The format: models/convert-pt-to-ggml.py of whisper.cpp.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace persona::ai {

struct WhisperModel {
    std::int32_t vocabulary = 0;  // 51864: English alone; more: about a hundred languages
    std::int32_t audio_layers = 0;
    std::int32_t mels = 0;

    bool multilingual() const { return vocabulary >= 51865; }
    // ISO 639-1, of those that Persona has texts for.
    std::vector<std::string> languages() const { return multilingual() ? std::vector<std::string>{"ru", "en"} : std::vector<std::string>{"en"}; }
};

// Throws BadConfig, naming PERSONA_WHISPER_MODEL, where the file cannot be read or is no such model.
WhisperModel read_whisper_model(const std::filesystem::path& file);

}  // namespace persona::ai

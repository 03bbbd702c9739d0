// /audio/transcriptions of OpenAI's protocol: what is sent and what comes back. Pure.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ai/remote/provider.hpp"

namespace persona::ai {

// RIFF of 16 bits mono at 16 kHz: 32 kB a second, taken by every server of this protocol.
std::string wav_of(std::span<const std::int16_t> samples);

struct SpeechQuestion {
    std::string model;
    std::string language;  // ISO 639-1, or empty
    bool verbose = true;   // verbose_json, which has segments; some models know json alone
};
// The form; the file is named segment.wav, as servers judge by the extension.
std::vector<http::Part> speech_form(const SpeechQuestion& question, std::string wav);
// Whether the refusal is about verbose_json.
bool knows_no_segments(const ProviderError& refusal);

struct SpeechAnswer {
    std::string text;
    std::string language;        // ISO 639-1, or empty where the answer names none
    double log_probability = 0;  // mean over the segments by their length, 0 without segments
    bool looped = false;
};
// What Whisper makes of silence is left out, and what it says again and again is said once. nonsense where it is no such answer.
std::expected<SpeechAnswer, ProviderError> speech_answer(std::string_view body);

// "russian", "Russian" or "ru" → "ru"; empty for no language.
std::string language_code(std::string_view name);

}  // namespace persona::ai

// Speech by a server of OpenAI's protocol: the provider's own, or whisper.cpp's, faster-whisper's and others that speak it.
#pragma once

#include "ai/remote/patience.hpp"
#include "ai/remote/speech/wire.hpp"
#include "ai/speech.hpp"
#include "http/client.hpp"

namespace persona::ai {

struct OpenAiSpeechConfig {
    Provider provider;
    std::string model;  // "whisper-1"
    std::vector<std::string> languages{"ru", "en"};
    Millis patience{180'000};  // for one try
    PatienceConfig tries = {};
};

// Owned by the worker's role. Throws Unavailable where the provider does not answer after all tries, or is left alone; returns unusable for
// a wrong key and a quota that is used up, refused for what it will not take. Nothing of the key is in any log or error.
class OpenAiSpeech final : public SpeechEngine {
public:
    // http must outlive it.
    OpenAiSpeech(http::Client& http, OpenAiSpeechConfig config);

    std::string_view name() const override { return "OpenAI"; }
    const std::vector<std::string>& languages() const override { return config_.languages; }
    bool invents() const override { return false; }
    Millis longest_segment() const override { return longest; }
    Millis overlap() const override { return 1500ms; }
    Task<std::expected<Piece, SpeechError>> transcribe(const Segment& segment, SpeechRequest request, Deadline deadline) override;

    static constexpr Millis longest{300'000};  // 9.6 MB; the provider takes 25 MB

private:
    using Answer = std::expected<SpeechAnswer, ProviderError>;
    Task<Answer> once(const Segment& segment, const std::string& language, Deadline deadline);
    Task<Answer> ask(const Segment& segment, const SpeechQuestion& question, Deadline deadline);

    http::Client& http_;
    OpenAiSpeechConfig config_;
    Patience patience_;
    bool verbose_ = true;  // until the model says that it knows no segments
};

}  // namespace persona::ai

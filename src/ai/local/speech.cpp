#include "ai/local/speech.hpp"

#include <algorithm>

#include "ai/local/moonshine.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/repetition.hpp"
#include "ai/local/vocabulary.hpp"
#include "async/within.hpp"

namespace persona::ai {
namespace {

std::vector<float> as_floats(const std::vector<std::int16_t>& samples) {
    std::vector<float> result(std::max(samples.size(), Moonshine::min_samples));  // what is too short ends in silence
    std::ranges::transform(samples, result.begin(), [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0F; });
    return result;
}

// Mean over the tokens that were not said before.
double surety(const TokenRun& run) {
    const std::vector<bool> old = said_before(run.tokens);
    double sum = 0;
    int counted = 0;
    for (std::size_t i = 0; i < run.log_probabilities.size(); ++i) {
        if (i < old.size() && old[i]) continue;
        sum += run.log_probabilities[i];
        ++counted;
    }
    return counted > 0 ? sum / counted : 0;
}

class LocalSpeech final : public SpeechEngine {
public:
    LocalSpeech(const ModelPaths& paths, CpuPool& cpu) : cpu_(cpu), moonshine_(paths.moonshine()), vocabulary_(Vocabulary::read(paths.moonshine() / "vocabulary.txt")) {}

    std::string_view name() const override { return "Moonshine"; }
    const std::vector<std::string>& languages() const override { return languages_; }
    bool invents() const override { return true; }
    Millis longest_segment() const override { return Moonshine::longest; }

    Task<std::expected<Piece, SpeechError>> transcribe(const Segment& segment, SpeechRequest, Deadline deadline) override {
        if (speech_time(segment.end() - segment.begin) > Moonshine::longest) co_return std::unexpected(SpeechError::refused);
        co_return co_await within(deadline, "hearing a segment", hear(segment));
    }

private:
    Task<Piece> hear(const Segment& segment) {
        const auto run = co_await cpu_.run([&](std::stop_token stop) { return moonshine_.decode(as_floats(segment.samples), stop); });
        if (!run) throw boost::system::system_error(asio::error::operation_aborted);
        co_return Piece{segment.index, speech_time(segment.begin), speech_time(segment.end()), vocabulary_.text(run->tokens),
                        surety(*run), static_cast<int>(run->tokens.size()), run->looped, "en"};
    }

    CpuPool& cpu_;
    Moonshine moonshine_;
    Vocabulary vocabulary_;
    std::vector<std::string> languages_{"en"};
};

}  // namespace

std::unique_ptr<SpeechEngine> local_speech(const ModelPaths& paths, CpuPool& cpu) {
    load_onnx_runtime(paths.onnx_runtime());
    return std::make_unique<LocalSpeech>(paths, cpu);
}

Silero local_voice_activity(const ModelPaths& paths) {
    load_onnx_runtime(paths.onnx_runtime());
    return Silero(paths.silero());
}

}  // namespace persona::ai

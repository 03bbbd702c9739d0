#include "ai/local/speech.hpp"

#include <algorithm>

#include "ai/local/moonshine.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/repetition.hpp"
#include "ai/local/samples.hpp"
#include "ai/local/vocabulary.hpp"
#include "async/within.hpp"

namespace persona::ai {
namespace {

class LocalSpeech final : public SpeechEngine {
public:
    LocalSpeech(const ModelPaths& paths, CpuPool& cpu)
        : cpu_(cpu), moonshine_(paths.moonshine()), vocabulary_(Vocabulary::read(paths.moonshine() / "vocabulary.txt")) {}

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
        const auto run =
            co_await cpu_.run([&](std::stop_token stop) { return moonshine_.decode(as_floats(segment.samples, Moonshine::min_samples), stop); });
        if (!run) throw boost::system::system_error(asio::error::operation_aborted);
        co_return Piece{segment.index,
                        speech_time(segment.begin),
                        speech_time(segment.end()),
                        vocabulary_.text(run->tokens),
                        surety(run->tokens, run->log_probabilities),
                        static_cast<int>(run->tokens.size()),
                        run->looped,
                        "en"};
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

#include "ai/local/whisper/engine.hpp"

#include "ai/local/repetition.hpp"
#include "ai/local/samples.hpp"
#include "ai/local/whisper/whisper.hpp"
#include "async/signal.hpp"
#include "async/within.hpp"

namespace persona::ai {
namespace {

// whisper.cpp drops a window by this rule of OpenAI's; over several windows the mean may still fall under it.
constexpr double silent_above = 0.6, doubted_below = -1.0;

class WhisperSpeech final : public SpeechEngine {
public:
    WhisperSpeech(const WhisperConfig& config, Executor executor, CpuPool& cpu)
        : cpu_(cpu), whisper_(config.model, config.threads), languages_(whisper_.model().languages()), free_(executor) {}

    std::string_view name() const override { return "Whisper"; }
    const std::vector<std::string>& languages() const override { return languages_; }
    bool invents() const override { return false; }
    Millis longest_segment() const override { return Whisper::longest; }
    Millis overlap() const override { return 1s; }

    Task<std::expected<Piece, SpeechError>> transcribe(const Segment& segment, SpeechRequest request, Deadline deadline) override {
        if (speech_time(segment.end() - segment.begin) > Whisper::longest) co_return std::unexpected(SpeechError::refused);
        co_return co_await within(deadline, "hearing a segment", hear(segment, std::move(request.language)));
    }
    Task<std::optional<LanguageGuess>> guess(const Segment& segment, Deadline deadline) override {
        co_return co_await within(deadline, "finding a language", find(segment));
    }

private:
    // whisper.cpp works for one caller at a time; the others wait here and not on a thread.
    struct Turn {
        WhisperSpeech& owner;
        explicit Turn(WhisperSpeech& o) : owner(o) { owner.busy_ = true; }
        ~Turn() {
            owner.busy_ = false;
            owner.free_.notify();
        }
        Turn(const Turn&) = delete;
    };
    Task<void> until_free() {
        while (busy_) co_await free_.wait(Deadline::never());
    }

    template <class F>
    auto compute(F work) -> Task<typename std::invoke_result_t<F&, std::stop_token>::value_type> {
        co_await until_free();
        const Turn turn(*this);
        auto result = co_await cpu_.run(std::move(work));
        if (!result) throw boost::system::system_error(asio::error::operation_aborted);
        co_return std::move(*result);
    }

    Task<std::optional<LanguageGuess>> find(const Segment& segment) {
        co_return co_await compute([&](std::stop_token stop) { return whisper_.guess(as_floats(segment.samples, 0), stop); });
    }

    Task<Piece> hear(const Segment& segment, std::string language) {
        if (language.empty()) language = (co_await find(segment))->language;
        const auto heard = co_await compute([&](std::stop_token stop) { return whisper_.hear(as_floats(segment.samples, 0), language, stop); });
        const double sure = surety(heard.tokens, heard.log_probabilities);
        const bool silent = heard.no_speech > silent_above && sure < doubted_below;
        co_return Piece{.index = segment.index,
                        .begin = speech_time(segment.begin),
                        .end = speech_time(segment.end()),
                        .text = silent ? std::string() : heard.text,
                        .log_probability = sure,
                        .tokens = static_cast<int>(heard.tokens.size()),
                        .looped = heard.looped,
                        .language = language};
    }

    CpuPool& cpu_;
    Whisper whisper_;
    const std::vector<std::string> languages_;
    bool busy_ = false;
    Signal free_;
};

}  // namespace

std::unique_ptr<SpeechEngine> whisper_speech(const WhisperConfig& config, Executor executor, CpuPool& cpu) {
    return std::make_unique<WhisperSpeech>(config, executor, cpu);
}

}  // namespace persona::ai

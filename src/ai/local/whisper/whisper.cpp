#include "ai/local/whisper/whisper.hpp"

#include <unicode/unistr.h>
#include <whisper.h>

#include <algorithm>

#include "ai/local/repetition.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t least_samples = 16'000;  // whisper.cpp hears nothing in less than 100 ms; a second is quiet at its end
constexpr float temperature_step = 0.4F;       // a window that loops or doubts is heard again at 0.4 and 0.8: three times at most

// Its own lines go to our log, so that nothing is printed beside it.
void to_log(ggml_log_level level, const char* text, void*) {
    if (level != GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_ERROR) return;
    std::string line(text);
    while (!line.empty() && line.back() == '\n') line.pop_back();
    if (!line.empty()) log(Level::warn, "ai", "whisper.cpp", {{"line", line}});
}

bool stop_asked(void* stop) { return static_cast<const std::stop_token*>(stop)->stop_requested(); }

// A token may end within a letter, and the window with it.
std::string valid(const std::string& bytes) {
    icu::UnicodeString text = icu::UnicodeString::fromUTF8(bytes);
    text.findAndReplace(icu::UnicodeString(UChar(0xFFFD)), icu::UnicodeString());
    text.trim();
    std::string out;
    return text.toUTF8String(out);
}

// Where it first says one phrase again and again, whatever it says behind.
void cut_loop(WhisperHearing& heard) {
    for (std::size_t size = 1; size <= heard.tokens.size(); ++size) {
        const auto keep = without_loop(std::span(heard.tokens).first(size));
        if (!keep) continue;
        heard.tokens.resize(*keep);
        heard.log_probabilities.resize(*keep);
        heard.looped = true;
    }
}

std::vector<float> long_enough(std::span<const float> samples) {
    std::vector<float> out(samples.begin(), samples.end());
    out.resize(std::max(out.size(), least_samples));
    return out;
}

}  // namespace

struct Whisper::Context {
    whisper_context* context;

    explicit Context(const std::filesystem::path& file) {
        whisper_log_set(to_log, nullptr);
        whisper_context_params params = whisper_context_default_params();
        params.use_gpu = false;
        context = whisper_init_from_file_with_params(file.c_str(), params);
        if (!context) throw BadConfig("PERSONA_WHISPER_MODEL: " + file.string() + " does not load as a model");
    }
    ~Context() { whisper_free(context); }
    Context(const Context&) = delete;

    whisper_full_params params(int threads, const std::string& language, std::stop_token& stop) const {
        whisper_full_params out = whisper_full_default_params(WHISPER_SAMPLING_GREEDY);
        out.n_threads = threads;
        out.language = language.c_str();
        out.no_context = true;
        out.suppress_nst = true;
        out.print_progress = out.print_realtime = out.print_special = out.print_timestamps = false;
        out.temperature_inc = temperature_step;
        out.abort_callback = stop_asked;
        out.abort_callback_user_data = &stop;
        return out;
    }

    // Of all windows; special tokens carry no words.
    WhisperHearing heard() const {
        WhisperHearing out;
        const whisper_token end = whisper_token_eot(context);
        const int segments = whisper_full_n_segments(context);
        for (int i = 0; i < segments; ++i) {
            out.no_speech = std::max<double>(out.no_speech, whisper_full_get_segment_no_speech_prob(context, i));
            for (int j = 0; j < whisper_full_n_tokens(context, i); ++j) {
                const whisper_token_data token = whisper_full_get_token_data(context, i, j);
                if (token.id >= end) continue;
                out.tokens.push_back(token.id);
                out.log_probabilities.push_back(token.plog);
            }
        }
        return out;
    }

    std::string text(const std::vector<std::int64_t>& tokens) const {
        std::string bytes;
        for (const std::int64_t token : tokens) bytes += whisper_token_to_str(context, static_cast<whisper_token>(token));
        return valid(bytes);
    }
};

Whisper::Whisper(const std::filesystem::path& file, int threads) : model_(read_whisper_model(file)), threads_(threads) {
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        throw BadConfig("PERSONA_WHISPER_MODEL: this processor has no AVX2, which whisper.cpp is built for");
    context_ = std::make_unique<Context>(file);
}
Whisper::~Whisper() = default;

std::optional<WhisperHearing> Whisper::hear(std::span<const float> samples, const std::string& language, std::stop_token stop) {
    const std::string known = model_.multilingual() && whisper_lang_id(language.c_str()) >= 0 ? language : "en";
    const std::vector<float> sound = long_enough(samples);
    const int failed = whisper_full(context_->context, context_->params(threads_, known, stop), sound.data(), static_cast<int>(sound.size()));
    if (stop.stop_requested()) return {};
    if (failed) throw Unavailable("whisper.cpp failed with " + std::to_string(failed));
    WhisperHearing out = context_->heard();
    cut_loop(out);
    out.text = context_->text(out.tokens);
    return out;
}

std::optional<LanguageGuess> Whisper::guess(std::span<const float> samples, std::stop_token stop) {
    if (!model_.multilingual()) return LanguageGuess{"en", 1};
    const std::vector<float> sound = long_enough(samples);
    std::vector<float> probabilities(static_cast<std::size_t>(whisper_lang_max_id()) + 1);
    if (whisper_pcm_to_mel(context_->context, sound.data(), static_cast<int>(sound.size()), threads_) != 0)
        throw Unavailable("whisper.cpp made no spectrogram");
    if (stop.stop_requested()) return {};
    const int language = whisper_lang_auto_detect(context_->context, 0, threads_, probabilities.data());
    if (language < 0) throw Unavailable("whisper.cpp found no language");
    if (stop.stop_requested()) return {};
    return LanguageGuess{whisper_lang_str(language), probabilities[static_cast<std::size_t>(language)]};
}

}  // namespace persona::ai

#include "app/speech_engines.hpp"

#include "ai/local/whisper/engine.hpp"
#include "ai/local/whisper/model_file.hpp"
#include "ai/remote/speech/engine.hpp"
#include "app/models.hpp"
#include "app/openai.hpp"
#include "base/log.hpp"

namespace persona::app {
namespace {

bool has_voice_activity(const ai::ModelPaths& paths) {
    return std::filesystem::exists(paths.onnx_runtime()) && std::filesystem::exists(paths.silero());
}

// One kind of engine: what is known of it beforehand, and how it is made.
struct Kind {
    std::optional<ai::SpeechFacts> (*facts)(const Settings& settings);
    std::unique_ptr<ai::SpeechEngine> (*make)(Foundation& foundation, Executor executor);
};

std::optional<ai::SpeechFacts> moonshine_facts(const Settings& settings) {
    if (!std::filesystem::exists(model_paths(settings).moonshine())) return std::nullopt;
    return ai::SpeechFacts{.name = "Moonshine", .languages = {"en"}, .guarded = true};
}
std::unique_ptr<ai::SpeechEngine> make_moonshine(Foundation& f, Executor) { return ai::local_speech(model_paths(f.settings), f.cpu); }

std::optional<ai::SpeechFacts> whisper_facts(const Settings& settings) {
    if (!settings.is_set("whisper.model")) return std::nullopt;
    const ai::WhisperModel model = ai::read_whisper_model(settings.text("whisper.model"));
    return ai::SpeechFacts{.name = "Whisper", .languages = model.languages(), .many = model.multilingual(), .finds = model.multilingual()};
}
std::unique_ptr<ai::SpeechEngine> make_whisper(Foundation& f, Executor executor) {
    const ai::WhisperConfig config{.model = f.settings.text("whisper.model"), .threads = static_cast<int>(f.settings.number("whisper.threads"))};
    return ai::whisper_speech(config, executor, f.cpu);
}

std::optional<ai::SpeechFacts> openai_facts(const Settings& settings) {
    if (!openai_provider(settings, "speech")) return std::nullopt;
    return ai::SpeechFacts{.name = "OpenAI", .languages = {"ru", "en"}, .remote = true, .many = true, .finds = true};
}
std::unique_ptr<ai::SpeechEngine> make_openai(Foundation& f, Executor) {
    return std::make_unique<ai::OpenAiSpeech>(
        f.http, ai::OpenAiSpeechConfig{.provider = *openai_provider(f.settings, "speech"), .model = f.settings.text("openai.speech_model")});
}

// In the order of preference: Moonshine is measured and five times as fast as a Whisper of its size.
constexpr Kind kinds[] = {{moonshine_facts, make_moonshine}, {whisper_facts, make_whisper}, {openai_facts, make_openai}};

}  // namespace

ai::SpeechWish speech_wish(const Settings& settings) {
    const std::string wish = settings.text("speech");
    return wish == "local" ? ai::SpeechWish::local : wish == "openai" ? ai::SpeechWish::openai : ai::SpeechWish::automatic;
}

std::vector<ai::SpeechFacts> speech_facts(const Settings& settings) {
    std::vector<ai::SpeechFacts> out;
    if (!has_voice_activity(model_paths(settings))) return out;
    for (const Kind& kind : kinds)
        if (auto facts = kind.facts(settings)) out.push_back(std::move(*facts));
    return out;
}

std::vector<std::string> heard_languages(const Settings& settings) { return ai::heard_languages(speech_facts(settings), speech_wish(settings)); }

SpeechEngines::SpeechEngines(Foundation& foundation, Executor executor) : wish_(speech_wish(foundation.settings)) {
    const Settings& settings = foundation.settings;
    if (heard_languages(settings).empty()) {
        log(Level::warn, "app", "no speech model: recordings cannot be transcribed", {{"models", model_paths(settings).folder.string()}});
        return;
    }
    voice_ = ai::local_voice_activity(model_paths(settings));
    for (const Kind& kind : kinds) {
        auto facts = kind.facts(settings);
        if (!facts || (wish_ != ai::SpeechWish::automatic && facts->remote != (wish_ == ai::SpeechWish::openai))) continue;
        members_.push_back({std::move(*facts), kind.make(foundation, executor)});
    }
}

ai::SpeechSet SpeechEngines::set() const {
    ai::SpeechSet out{.wish = wish_};
    for (const Member& member : members_) out.members.push_back({member.facts, member.engine.get()});
    return out;
}

}  // namespace persona::app

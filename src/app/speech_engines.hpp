// Which engines hear recordings here: Moonshine, a Whisper model, an OpenAI-compatible server, as they are configured (PERSONA_SPEECH).
#pragma once

#include <memory>
#include <optional>

#include "ai/choice.hpp"
#include "ai/local/silero.hpp"
#include "app/foundation.hpp"

namespace persona::app {

ai::SpeechWish speech_wish(const Settings& settings);
// By the files' heads and the settings alone: the bot's process loads no weights. In the order of preference; empty without Silero, which
// finds where somebody speaks for all of them. Throws BadConfig, naming the variable.
std::vector<ai::SpeechFacts> speech_facts(const Settings& settings);
// What the bot promises to people.
std::vector<std::string> heard_languages(const Settings& settings);

// Owned by the worker's role; loads the weights of what the wish allows.
class SpeechEngines {
public:
    SpeechEngines(Foundation& foundation, Executor executor);

    ai::SpeechSet set() const;
    // Null where nothing can be heard.
    const ai::Silero* voice() const { return voice_ ? &*voice_ : nullptr; }

private:
    struct Member {
        ai::SpeechFacts facts;
        std::unique_ptr<ai::SpeechEngine> engine;
    };
    ai::SpeechWish wish_;
    std::optional<ai::Silero> voice_;
    std::vector<Member> members_;
};

}  // namespace persona::app

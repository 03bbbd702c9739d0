// Which engines write documents here: the local one, or a chat model with the local one behind it (PERSONA_TEXT).
#pragma once

#include <memory>
#include <optional>

#include "ai/local/extractive/engine.hpp"
#include "ai/remote/chat/engine.hpp"
#include "ai/stand_in.hpp"
#include "base/settings.hpp"

namespace persona::app {

// Nothing: the local engine alone. auto is the chat model where OPENAI_API_KEY or another OPENAI_BASE_URL is set. Throws BadConfig, naming the
// variable.
std::optional<ai::ChatConfig> chat_config(const Settings& settings);

// Owned by the worker's role; what it is given must outlive it.
class TextEngines {
public:
    TextEngines(const Settings& settings, http::Client& http, CpuPool& cpu);

    const ai::TextEngine& documents() const { return *documents_; }

private:
    struct Remote {
        Remote(http::Client& http, CpuPool& cpu, ai::ChatConfig config);
        ai::ChatClient client;
        ai::ChatText text;
        ai::ExtractiveEngine stand_in;
        ai::TextWithStandIn documents;
    };
    ai::ExtractiveEngine local_;
    std::unique_ptr<Remote> remote_;
    const ai::TextEngine* documents_;
};

}  // namespace persona::app

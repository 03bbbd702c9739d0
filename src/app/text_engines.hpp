// Which engines write documents and answers here: the local one, or a chat model with the local one behind it (PERSONA_TEXT).
#pragma once

#include <memory>
#include <optional>

#include "ai/local/extractive/dialogue.hpp"
#include "ai/local/extractive/engine.hpp"
#include "ai/remote/chat/dialogue.hpp"
#include "ai/remote/chat/engine.hpp"
#include "ai/stand_in.hpp"
#include "base/settings.hpp"
#include "media/docx_template.hpp"

namespace persona::app {

// Nothing: the local engine alone. auto is the chat model where OPENAI_API_KEY or another OPENAI_BASE_URL is set. Throws BadConfig, naming the
// variable.
std::optional<ai::ChatConfig> chat_config(const Settings& settings);

// How Word files look: PERSONA_TEMPLATE, else templates/protocol.docx of the data folder where there is one; nothing: our own look. Throws BadConfig.
std::optional<media::DocxTemplate> docx_template(const Settings& settings);

// Owned by the worker's role; what it is given must outlive it.
class TextEngines {
public:
    TextEngines(const Settings& settings, http::Client& http, CpuPool& cpu);

    const ai::TextEngine& documents() const { return *documents_; }
    const ai::DialogueEngine& dialogue() const { return *dialogue_; }

private:
    struct Remote {
        Remote(http::Client& http, CpuPool& cpu, ai::ChatConfig config);
        ai::ChatClient client;
        ai::ChatText text;
        ai::ExtractiveEngine stand_in;
        ai::TextWithStandIn documents;
        ai::ChatDialogue model_dialogue;
        ai::ExtractiveDialogue stand_in_dialogue;
        ai::DialogueWithStandIn dialogue;
    };
    ai::ExtractiveEngine local_;
    std::unique_ptr<Remote> remote_;
    ai::ExtractiveDialogue local_dialogue_;
    const ai::TextEngine* documents_;
    const ai::DialogueEngine* dialogue_;
};

}  // namespace persona::app

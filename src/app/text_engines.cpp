#include "app/text_engines.hpp"

#include "app/openai.hpp"
#include "app/settings_table.hpp"
#include "base/error.hpp"

namespace persona::app {

std::optional<ai::ChatConfig> chat_config(const Settings& settings) {
    auto provider = openai_provider(settings, "text");
    if (!provider) return std::nullopt;
    return ai::ChatConfig{.provider = std::move(*provider), .model = settings.text("openai.text_model")};
}

std::optional<media::DocxTemplate> docx_template(const Settings& settings) {
    const auto usual = data_folder(settings) / "templates" / "protocol.docx";
    if (!settings.is_set("template") && !std::filesystem::exists(usual)) return std::nullopt;
    try {
        return media::DocxTemplate::read(settings.is_set("template") ? std::filesystem::path(settings.text("template")) : usual);
    } catch (const BadConfig& e) { throw BadConfig(std::string("PERSONA_TEMPLATE: ") + e.what()); }
}

TextEngines::Remote::Remote(http::Client& http, CpuPool& cpu, ai::ChatConfig config)
    : client(http, std::move(config)),
      text(client, cpu),
      stand_in(cpu, ai::Mode::stand_in),
      documents(text, stand_in),
      model_dialogue(client, cpu),
      stand_in_dialogue(cpu, ai::Mode::stand_in),
      dialogue(model_dialogue, stand_in_dialogue) {}

TextEngines::TextEngines(const Settings& settings, http::Client& http, CpuPool& cpu)
    : local_(cpu), local_dialogue_(cpu), documents_(&local_), dialogue_(&local_dialogue_) {
    auto config = chat_config(settings);
    if (!config) return;
    remote_ = std::make_unique<Remote>(http, cpu, std::move(*config));
    documents_ = &remote_->documents;
    dialogue_ = &remote_->dialogue;
}

}  // namespace persona::app

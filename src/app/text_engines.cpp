#include "app/text_engines.hpp"

#include "app/settings_table.hpp"
#include "base/error.hpp"
#include "http/url.hpp"

namespace persona::app {
namespace {

constexpr std::string_view openai = "https://api.openai.com/v1";

// A key must not go over the net in the clear; a server on this machine is another matter.
bool is_private(const std::string& base) {
    for (const char* host : {"http://127.0.0.1", "http://localhost", "http://[::1]"})
        if (http::origin_of(base) == host || http::origin_of(base).starts_with(std::string(host) + ":")) return true;
    return base.starts_with("https://");
}

}  // namespace

std::optional<ai::ChatConfig> chat_config(const Settings& settings) {
    std::string base = settings.text("openai.base_url");
    while (base.ends_with('/')) base.pop_back();
    const std::string wish = settings.text("text");
    const bool given = settings.is_set("openai.api_key") || base != openai;
    if (wish == "local" || (wish == "auto" && !given)) return std::nullopt;
    if (!given) throw BadConfig("PERSONA_TEXT is openai, so OPENAI_API_KEY must be set, or OPENAI_BASE_URL name a server of your own");
    if (!base.starts_with("https://") && !base.starts_with("http://")) throw BadConfig("OPENAI_BASE_URL must begin with https:// or http://");
    if (settings.is_set("openai.api_key") && !is_private(base)) throw BadConfig("OPENAI_BASE_URL must be https for a key to be sent there");
    ai::ChatConfig config{.provider = {base, settings.is_set("openai.api_key") ? settings.secret("openai.api_key") : Secret()},
                          .model = settings.text("openai.text_model")};
    return config;
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

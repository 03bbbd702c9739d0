// What makes pictures here: the reader of photos, faces, the engine of portraits (PERSONA_PORTRAITS) and that of enhancement
// (PERSONA_ENHANCE_ENGINE), and fal.ai's webhook.
#pragma once

#include <memory>
#include <optional>

#include "ai/local/faces.hpp"
#include "ai/local/speech.hpp"
#include "ai/remote/fal/config.hpp"
#include "ai/remote/fal/keys.hpp"
#include "api/fal.hpp"
#include "app/foundation.hpp"
#include "bot/work/atelier.hpp"

namespace persona::app {

// What the bot promises to people: by settings and files alone, no weights are loaded. Throws BadConfig, naming the variable.
bot::Darkroom darkroom(const Settings& settings);
// In words for the operator, without secrets. Throws BadConfig where nobody can do it that should.
std::string portraits_by(const Settings& settings);
std::string enhancement_by(const Settings& settings);
// ONNX Runtime and the models of faces and people are there.
bool can_render(const ai::ModelPaths& paths);
// Nothing: portraits are rendered here. Throws BadConfig, naming the variable.
std::optional<ai::fal::Config> fal_config(const Settings& settings);

// Owned by the worker's role; loads the weights that are there.
class DarkroomEngines {
public:
    explicit DarkroomEngines(Foundation& foundation);
    // Null where no portraits can be made here: jobs of photos are left to other workers.
    const bot::Atelier* atelier() const { return atelier_ ? &*atelier_ : nullptr; }

private:
    media::PictureReader reader_;
    std::optional<ai::FaceFinder> faces_;
    std::unique_ptr<ai::PortraitEngine> portraits_;
    std::unique_ptr<ai::EnhanceEngine> enhance_;
    std::optional<bot::Atelier> atelier_;
};

// POST /fal/webhook, where fal.ai makes portraits. ring: jobs may go on.
class FalWebhook {
public:
    FalWebhook(Foundation& foundation, Executor executor, std::function<void()> ring);
    http::Route route() { return door_.route(); }

private:
    ai::fal::Keys keys_;
    api::FalDoor door_;
};

}  // namespace persona::app

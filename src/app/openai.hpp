// The OpenAI-compatible provider of this installation: one address and one key for speech and for text.
#pragma once

#include <optional>
#include <string>

#include "ai/remote/provider.hpp"
#include "base/settings.hpp"

namespace persona::app {

// By the setting `wish` ("speech", "text"): nothing for local, and for auto where neither OPENAI_API_KEY nor another OPENAI_BASE_URL is set.
// Throws BadConfig, naming the variable.
std::optional<ai::Provider> openai_provider(const Settings& settings, const std::string& wish);

}  // namespace persona::app

// Where the weights lie, and what can be heard with them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ai/local/speech.hpp"
#include "base/settings.hpp"

namespace persona::app {

// PERSONA_MODELS, else "models" beside the program's folder, else the folder that cmake/models/fetch fills.
ai::ModelPaths model_paths(const Settings& settings);
// Languages that can be recognised, judged by the files alone: the bot's process loads no weights.
std::vector<std::string> heard_languages(const Settings& settings);

}  // namespace persona::app

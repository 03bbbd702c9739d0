// Where the weights lie.
#pragma once

#include <filesystem>

#include "ai/local/speech.hpp"
#include "base/settings.hpp"

namespace persona::app {

// PERSONA_MODELS, else "models" beside the program's folder, else the folder that cmake/models/fetch fills.
ai::ModelPaths model_paths(const Settings& settings);

}  // namespace persona::app

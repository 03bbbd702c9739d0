// Where the weights lie.
#pragma once

#include <filesystem>

#include "ai/local/speech.hpp"
#include "base/settings.hpp"

namespace persona::app {

// PERSONA_MODELS, else "models" beside the program's folder, else the folder that cmake/models/fetch fills.
ai::ModelPaths model_paths(const Settings& settings);

// What the name of a blob begins with that is such a file.
inline constexpr std::string_view asset_mark = "asset:";
// A file that came with the program: "assets" beside its folder, else as cmake --install lays them. name: ours, never a person's.
std::filesystem::path asset(std::string_view name);

}  // namespace persona::app

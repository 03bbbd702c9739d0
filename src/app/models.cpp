#include "app/models.hpp"

#include "media/decode.hpp"

namespace persona::app {
namespace {

bool complete(const ai::ModelPaths& paths) {
    return std::filesystem::exists(paths.onnx_runtime()) && std::filesystem::exists(paths.moonshine()) && std::filesystem::exists(paths.silero());
}

}  // namespace

ai::ModelPaths model_paths(const Settings& settings) {
    if (settings.is_set("models")) return {settings.text("models")};
    const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    for (const char* place : {"models", "../share/persona/models"})  // beside the program, or as cmake --install lays them
        if (const ai::ModelPaths found{(programs / place).lexically_normal()}; complete(found)) return found;
    const auto environment = process_environment();
    const std::string cache =
        environment("PERSONA_CACHE").value_or(environment("XDG_CACHE_HOME").value_or(environment("HOME").value_or("") + "/.cache") + "/persona");
    return {std::filesystem::path(cache) / "models"};
}

std::filesystem::path asset(std::string_view name) {
    const auto programs = std::filesystem::read_symlink("/proc/self/exe").parent_path();
    const auto beside = programs / "assets" / name;
    return std::filesystem::exists(beside) ? beside : (programs / "../share/persona/assets" / name).lexically_normal();
}

}  // namespace persona::app

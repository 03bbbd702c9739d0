#include "ai/local/whisper/model_file.hpp"

#include <array>
#include <fstream>

#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::uint32_t magic = 0x67676d6c;

struct Bound {
    const char* what;
    std::int32_t least, most;
};
// In the file's order. whisper.cpp believes these numbers and allocates by them.
constexpr std::array bounds{
    Bound{"vocabulary", 51864, 51866}, Bound{"audio context", 1500, 1500}, Bound{"audio state", 8, 4096},   Bound{"audio heads", 1, 64},
    Bound{"audio layers", 1, 64},      Bound{"text context", 64, 4096},    Bound{"text state", 8, 4096},    Bound{"text heads", 1, 64},
    Bound{"text layers", 1, 64},       Bound{"mel bands", 80, 128},        Bound{"number format", 0, 3000},
};

BadConfig wrong(const std::filesystem::path& file, const std::string& why) {
    return BadConfig("PERSONA_WHISPER_MODEL: " + file.string() + " " + why);
}

}  // namespace

WhisperModel read_whisper_model(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw wrong(file, "cannot be read");
    std::uint32_t begins = 0;
    std::array<std::int32_t, bounds.size()> values{};
    in.read(reinterpret_cast<char*>(&begins), sizeof begins).read(reinterpret_cast<char*>(values.data()), sizeof values);
    if (!in || begins != magic) throw wrong(file, "is no ggml model of whisper.cpp");
    for (std::size_t i = 0; i < bounds.size(); ++i)
        if (values[i] < bounds[i].least || values[i] > bounds[i].most) throw wrong(file, std::string("has an impossible ") + bounds[i].what);
    return {.vocabulary = values[0], .audio_layers = values[4], .mels = values[9]};
}

}  // namespace persona::ai

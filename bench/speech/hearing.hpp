// One recording as the product hears it, and what that costs: decoded in a child, cut where nobody speaks, heard piece by piece, judged
// by the gate. Or the engine alone, with the whole of it at once.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ai/language_gate.hpp"
#include "ai/local/speech.hpp"
#include "async/cpu_pool.hpp"
#include "media/decode.hpp"

namespace persona::bench {

struct Booth {
    explicit Booth(const ai::ModelPaths& paths);
    media::Decoder decoder;
    CpuPool cpu{1};
    std::unique_ptr<ai::SpeechEngine> engine;
    ai::Silero activity;
};

// Seconds, and MB.
struct Cost {
    double sound = 0;
    double wall = 0;
    double cpu = 0;  // of everything, the decoder's too
    double decoder = 0;
    double engine = 0;      // CPU while the engine had a piece
    long decoder_peak = 0;  // of memory
};

struct Heard {
    std::vector<ai::Piece> pieces;
    ai::LanguageGate gate;
    Cost cost;
    std::string text() const;
};

Heard hear(Booth& booth, const std::filesystem::path& file);
// Nothing where it is longer than the engine takes at once.
std::optional<std::string> hear_whole(Booth& booth, const std::filesystem::path& file);

// The most memory that this process had, in MB.
long peak();

}  // namespace persona::bench

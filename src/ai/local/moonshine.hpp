// Moonshine: English speech to text on raw samples (Useful Sensors, MIT). Greedy decoding with a key-value cache.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "base/time.hpp"

namespace persona::ai {

struct TokenRun {
    std::vector<std::int64_t> tokens;
    std::vector<double> log_probabilities;  // of each token, and of the end token behind them where it came
    bool looped = false;                    // it repeated itself and was cut
};

class Moonshine {
public:
    // folder: encoder.onnx and decoder.onnx. load_onnx_runtime comes first. Throws Corrupt.
    explicit Moonshine(const std::filesystem::path& folder);
    ~Moonshine();

    // samples: 16 kHz in [-1, 1], at most 20 s or it loses the thread, at least min_samples. Safe from several threads at once.
    // Nothing where cancelled. Throws Unavailable.
    std::optional<TokenRun> decode(std::span<const float> samples, std::stop_token cancel) const;

    static constexpr Millis longest{20'000};          // beyond it loses the thread
    static constexpr std::size_t min_samples = 1600;  // the encoder's convolutions need about 60 ms

private:
    struct Models;
    std::unique_ptr<Models> models_;
};

}  // namespace persona::ai

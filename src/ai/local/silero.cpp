#include "ai/local/silero.hpp"

#include <algorithm>
#include <array>

#include "ai/local/onnx.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::size_t context = 64;  // samples of the frame before, which v5 and later expect in front
constexpr std::size_t state_size = 2 * 1 * 128;

}  // namespace

struct Silero::Model {
    OnnxModel onnx;

    explicit Model(const std::filesystem::path& file) : onnx(file) {
        if (onnx.inputs() != std::vector<std::string>{"input", "state", "sr"}) throw Corrupt(file.string() + " is not laid out as Silero VAD");
    }
};

Silero::Silero(const std::filesystem::path& file) : model_(std::make_shared<Model>(file)) {}
Silero::~Silero() = default;

VoiceActivity Silero::listen() const {
    struct Memory {
        std::array<float, context + frame_samples> window{};
        std::array<float, state_size> state{};
    };
    return [model = model_, memory = Memory{}](Frame frame) mutable {
        std::ranges::transform(frame, memory.window.begin() + context, [](std::int16_t sample) { return static_cast<float>(sample) / 32768.0f; });
        std::int64_t sample_rate = speech_rate;
        const Ort::Value input = tensor_over(memory.window, {1, static_cast<std::int64_t>(memory.window.size())});
        const Ort::Value state = tensor_over(memory.state, {2, 1, 128}), rate = tensor_over(std::span(&sample_rate, 1), {});
        const std::array<const Ort::Value*, 3> values{&input, &state, &rate};
        const auto results = model->onnx.run(values);
        std::copy_n(results[1].GetTensorData<float>(), state_size, memory.state.begin());
        std::copy(memory.window.end() - context, memory.window.end(), memory.window.begin());
        return results[0].GetTensorData<float>()[0];
    };
}

}  // namespace persona::ai

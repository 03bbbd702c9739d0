#include "ai/local/moonshine.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "ai/local/onnx.hpp"
#include "ai/local/repetition.hpp"
#include "base/assert.hpp"
#include "base/error.hpp"

namespace persona::ai {
namespace {

constexpr std::int64_t begin_token = 1, end_token = 2;
constexpr double rate = 16000;
constexpr double tokens_per_second = 6.5;  // the bound of Moonshine's own transcriber; fast speech has about 5
constexpr std::size_t tokens_at_least = 8;

// The decoder's inputs: token, what the encoder heard, 4 tensors of cache a layer, and whether there is a cache yet.
constexpr std::size_t first_cache = 2;

struct Best {
    std::int64_t token;
    double log_probability;
};

Best best_of(std::span<const float> logits) {
    const auto top = std::ranges::max_element(logits);
    double sum = 0;
    for (const float logit : logits) sum += std::exp(static_cast<double>(logit - *top));
    return {top - logits.begin(), -std::log(sum)};
}

}  // namespace

struct Moonshine::Models {
    OnnxModel encoder, decoder;
    std::int64_t heads, width;  // of a cache tensor

    explicit Models(const std::filesystem::path& folder) : encoder(folder / "encoder.onnx"), decoder(folder / "decoder.onnx") {
        const auto& inputs = decoder.inputs();
        const bool known = inputs.size() > first_cache + 1 && inputs[0] == "input_ids" && inputs[1] == "encoder_hidden_states" &&
                           inputs.back() == "use_cache_branch" && decoder.outputs().size() == inputs.size() - 2;
        if (!known) throw Corrupt("the decoder of " + folder.string() + " is not laid out as Moonshine's");
        const auto shape = decoder.input_shape(first_cache);
        heads = shape.at(1), width = shape.at(3);
    }
};

namespace {

// One utterance on its way through the decoder.
class Utterance {
public:
    Utterance(const OnnxModel& decoder, Ort::Value heard, std::int64_t heads, std::int64_t width) : decoder_(decoder), heard_(std::move(heard)) {
        Ort::AllocatorWithDefaultOptions allocator;
        const std::array<std::int64_t, 4> nothing{1, heads, 0, width};
        for (std::size_t i = first_cache; i + 1 < decoder.inputs().size(); ++i)
            cache_.push_back(Ort::Value::CreateTensor<float>(allocator, nothing.data(), nothing.size()));
    }

    Best next(std::int64_t token) {
        bool cached = std::exchange(started_, true);
        const Ort::Value token_value = tensor_over(std::span(&token, 1), {1, 1}), cached_value = tensor_over(std::span(&cached, 1), {1});
        std::vector<const Ort::Value*> values{&token_value, &heard_};
        for (const Ort::Value& value : cache_) values.push_back(&value);
        values.push_back(&cached_value);
        std::vector<Ort::Value> results = decoder_.run(values);
        keep(results, cached);
        const std::size_t size = results[0].GetTensorTypeAndShapeInfo().GetElementCount();
        return best_of({results[0].GetTensorData<float>(), size});
    }

private:
    // The cache over what was heard (the later pair of each four) is made by the first step; later ones return it empty.
    void keep(std::vector<Ort::Value>& results, bool cached) {
        for (std::size_t i = 0; i < cache_.size(); ++i)
            if (!cached || i % 4 < 2) cache_[i] = std::move(results[i + 1]);
    }

    const OnnxModel& decoder_;
    Ort::Value heard_;
    std::vector<Ort::Value> cache_;
    bool started_ = false;
};

}  // namespace

Moonshine::Moonshine(const std::filesystem::path& folder) : models_(std::make_unique<Models>(folder)) {}
Moonshine::~Moonshine() = default;

std::optional<TokenRun> Moonshine::decode(std::span<const float> samples, std::stop_token cancel) const {
    PERSONA_ASSERT(samples.size() >= min_samples);
    const Ort::Value sound = tensor_over(samples, {1, static_cast<std::int64_t>(samples.size())});
    const std::array<const Ort::Value*, 1> inputs{&sound};
    Utterance utterance(models_->decoder, std::move(models_->encoder.run(inputs)[0]), models_->heads, models_->width);
    const std::size_t most = tokens_at_least + static_cast<std::size_t>(static_cast<double>(samples.size()) / rate * tokens_per_second);
    TokenRun run;
    for (std::int64_t token = begin_token; run.tokens.size() < most;) {
        if (cancel.stop_requested()) return {};
        const Best best = utterance.next(token);
        run.log_probabilities.push_back(best.log_probability);
        if (best.token == end_token) break;
        run.tokens.push_back(token = best.token);
        if (const auto keep = without_loop(run.tokens)) {
            run.tokens.resize(*keep);
            run.looped = true;
            break;
        }
    }
    return run;
}

}  // namespace persona::ai

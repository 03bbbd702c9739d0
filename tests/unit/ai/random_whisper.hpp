// Writes a ggml file as whisper.cpp's converter does, with random weights of a very small Whisper: it says nonsense, along the whole path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

namespace persona::ai {

class RandomWhisper {
public:
    static constexpr std::int32_t multilingual = 51865, english = 51864;

    static void write(const std::filesystem::path& file, std::int32_t vocabulary = multilingual) {
        RandomWhisper model(file, vocabulary);
        model.write_head();
        model.write_encoder();
        model.write_decoder();
    }

private:
    static constexpr std::int32_t state = 64, heads = 1, layers = 1, audio_context = 1500, text_context = 448, mels = 80, spectrum = 201;
    enum Format : std::int32_t { f32 = 0, f16 = 1 };
    using Shape = std::vector<std::int32_t>;

    RandomWhisper(const std::filesystem::path& file, std::int32_t vocabulary) : out_(file, std::ios::binary), vocabulary_(vocabulary) {}

    template <class T>
    void put(T value) {
        out_.write(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put(const std::string& text) {
        put(static_cast<std::int32_t>(text.size()));
        out_ << text;
    }

    void write_head() {
        for (const std::int32_t value : {0x67676d6c, vocabulary_, audio_context, state, heads, layers, text_context, state, heads, layers, mels,
                                         std::int32_t{f16}, mels, spectrum})
            put(value);
        for (int i = 0; i < mels * spectrum; ++i) put(static_cast<float>(i % spectrum / 3 == i / spectrum ? 0.02 : 0.0));
        const std::int32_t words = vocabulary_ == english ? 50256 : 50257;
        put(words);
        for (const char* expected : {" ", " -", " '"}) put(std::string(expected));  // whisper.cpp looks for these
        for (std::int32_t i = 3; i < words; ++i) put(" w" + std::to_string(i));
    }
    // shape: the innermost dimension first.
    void tensor(const std::string& name, const Shape& shape, Format format, float mean = 0, float spread = 0.05F) {
        put(static_cast<std::int32_t>(shape.size()));
        put(static_cast<std::int32_t>(name.size()));
        put(std::int32_t{format});
        std::int64_t size = 1;
        for (const std::int32_t dimension : shape) put(dimension), size *= dimension;
        out_ << name;
        for (; size > 0; --size) {
            const float value = mean + spread * normal_(random_);
            format == f16 ? put(static_cast<_Float16>(value)) : put(value);
        }
    }
    void norm(const std::string& name) {
        tensor(name + ".weight", {state}, f32, 1);
        tensor(name + ".bias", {state}, f32);
    }
    void linear(const std::string& name, std::int32_t in, std::int32_t out, bool bias = true) {
        tensor(name + ".weight", {in, out}, f16);
        if (bias) tensor(name + ".bias", {out}, f32);
    }
    void attention(const std::string& name) {
        norm(name + "_ln");
        for (const char* part : {".query", ".key", ".value", ".out"}) linear(name + part, state, state, part != std::string(".key"));
    }
    void block(const std::string& name, bool crosses) {
        attention(name + ".attn");
        if (crosses) attention(name + ".cross_attn");
        norm(name + ".mlp_ln");
        linear(name + ".mlp.0", state, 4 * state);
        linear(name + ".mlp.2", 4 * state, state);
    }
    void write_encoder() {
        tensor("encoder.positional_embedding", {state, audio_context}, f32);
        tensor("encoder.conv1.weight", {3, mels, state}, f16);
        tensor("encoder.conv1.bias", {1, state}, f32);
        tensor("encoder.conv2.weight", {3, state, state}, f16);
        tensor("encoder.conv2.bias", {1, state}, f32);
        norm("encoder.ln_post");
        block("encoder.blocks.0", false);
    }
    void write_decoder() {
        tensor("decoder.positional_embedding", {state, text_context}, f32);
        tensor("decoder.token_embedding.weight", {state, vocabulary_}, f16);
        norm("decoder.ln");
        block("decoder.blocks.0", true);
    }

    std::ofstream out_;
    std::int32_t vocabulary_;
    std::mt19937 random_{7};
    std::normal_distribution<float> normal_;
};

}  // namespace persona::ai

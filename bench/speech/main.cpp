// bench_speech MODELS FILE[=WORDS SAID]...: hears each recording; prints its pieces, then a line of tab-separated figures about it.
#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string_view>

#include "ai/language_gate.hpp"
#include "ai/local/speech.hpp"
#include "ai/segmenter.hpp"
#include "media/decode.hpp"
#include "support/run.hpp"
#include "support/word_errors.hpp"

namespace {

using namespace persona;
using Seconds = std::chrono::duration<double>;

struct Recording {
    ai::LanguageGate gate;
    std::vector<ai::Piece> pieces;
    double seconds = 0;
    double took = 0;
};

Recording hear(const media::Decoder& decoder, const ai::Silero& activity, ai::SpeechEngine& engine, const std::filesystem::path& file) {
    Recording recording;
    const auto started = std::chrono::steady_clock::now();
    ai::Segmenter segmenter(activity.listen(), [&](ai::Segment segment) {
        recording.pieces.push_back(run([&] { return engine.transcribe(segment, {}, Deadline::after(10min)); }).value());
        recording.gate.add(recording.pieces.back());
        return true;
    });
    (void)decoder.decode(file, {}, [&](std::span<const std::int16_t> samples) { return segmenter.push(samples); });
    segmenter.finish();
    recording.seconds = static_cast<double>(segmenter.samples()) / ai::speech_rate;
    recording.took = Seconds(std::chrono::steady_clock::now() - started).count();
    return recording;
}

void print(const std::filesystem::path& file, const Recording& recording, std::string_view said) {
    std::string text;
    for (const ai::Piece& piece : recording.pieces) {
        fmt::print("{}\t{}\t{:.2f}\t{:.2f}\t{:.4f}\t{}\t{}\t{}\n", file.string(), piece.index, Seconds(piece.begin).count(),
                   Seconds(piece.end).count(), piece.log_probability, piece.tokens, piece.looped, piece.text);
        text += piece.text + " ";
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    fmt::print("{}\ttotal\t{}\t{:.3f}\t{:.2f} s\tRTF {:.4f}\tpeak {} MB\t{} of {} words wrong\n", file.string(), ai::name(recording.gate.at_end()),
               recording.gate.score(), recording.seconds, recording.took / recording.seconds, usage.ru_maxrss / 1024,
               said.empty() ? 0 : word_errors(said, text), words_of(said).size());
    std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return fmt::print(stderr, "bench_speech MODELS FILE[=WORDS SAID]...\n"), 2;
    const ai::ModelPaths paths{argv[1]};
    const media::Decoder decoder(std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "persona-decoder");
    CpuPool cpu(1);
    const auto engine = ai::local_speech(paths, cpu);
    const ai::Silero activity = ai::local_voice_activity(paths);
    for (int i = 2; i < argc; ++i) {
        const std::string_view argument(argv[i]);
        const auto equals = std::min(argument.find('='), argument.size());
        const std::filesystem::path file(argument.substr(0, equals));
        print(file, hear(decoder, activity, *engine, file), argument.substr(std::min(equals + 1, argument.size())));
    }
}

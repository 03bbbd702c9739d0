#include "hearing.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "ai/segmenter.hpp"
#include "support/run.hpp"

namespace persona::bench {
namespace {

// The decoder stands still while the engine works, for as long as a whole recording takes.
const media::DecodeLimits patient{.wall = 6h};

double cpu_of(int who) {
    rusage usage{};
    getrusage(who, &usage);
    const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}
double cpu_here() { return cpu_of(RUSAGE_SELF); }
double cpu_of_decoders() { return cpu_of(RUSAGE_CHILDREN); }

// Asked while it lives: what the kernel tells of an ended child begins with its parent's memory.
long peak_of_decoder() {
    std::string child, line;
    std::ifstream("/proc/thread-self/children") >> child;
    std::ifstream status("/proc/" + child + "/status");
    while (std::getline(status, line))
        if (line.starts_with("VmHWM:")) return std::stol(line.substr(6)) / 1024;
    return 0;
}

ai::Piece ask(ai::SpeechEngine& engine, const ai::Segment& segment) {
    return run([&] { return engine.transcribe(segment, {}, Deadline::after(10min)); }).value();
}

}  // namespace

Booth::Booth(const ai::ModelPaths& paths)
    : decoder(std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "persona-decoder"),
      engine(ai::local_speech(paths, cpu)),
      activity(ai::local_voice_activity(paths)) {}

std::string Heard::text() const {
    std::string out;
    for (const ai::Piece& piece : pieces) out += piece.text + " ";
    return out;
}

Heard hear(Booth& booth, const std::filesystem::path& file) {
    Heard heard;
    Cost& cost = heard.cost;
    const auto started = std::chrono::steady_clock::now();
    const double before = cpu_here(), decoders_before = cpu_of_decoders();
    ai::Segmenter segmenter(booth.activity.listen(), [&](ai::Segment segment) {
        cost.decoder_peak = std::max(cost.decoder_peak, peak_of_decoder());
        const double taken = cpu_here();
        heard.pieces.push_back(ask(*booth.engine, segment));
        cost.engine += cpu_here() - taken;
        heard.gate.add(heard.pieces.back());
        return true;
    });
    (void)booth.decoder.decode(file, patient, [&](std::span<const std::int16_t> samples) { return segmenter.push(samples); });
    segmenter.finish();
    cost.sound = static_cast<double>(segmenter.samples()) / ai::speech_rate;
    cost.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    cost.decoder = cpu_of_decoders() - decoders_before;
    cost.cpu = cpu_here() - before + cost.decoder;
    return heard;
}

std::optional<std::string> hear_whole(Booth& booth, const std::filesystem::path& file) {
    ai::Segment all;
    (void)booth.decoder.decode(file, patient, [&](std::span<const std::int16_t> samples) {
        all.samples.insert(all.samples.end(), samples.begin(), samples.end());
        return true;
    });
    if (ai::speech_time(all.end()) > booth.engine->longest_segment()) return std::nullopt;
    return ask(*booth.engine, all).text;
}

long peak() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

}  // namespace persona::bench

#include "hearing.hpp"

#include <sys/resource.h>

#include <chrono>

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
double cpu_of_all() { return cpu_here() + cpu_of(RUSAGE_CHILDREN); }

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
    const double before = cpu_of_all();
    ai::Segmenter segmenter(booth.activity.listen(), [&](ai::Segment segment) {
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
    cost.cpu = cpu_of_all() - before;
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

Peak peak() {
    rusage here{}, children{};
    getrusage(RUSAGE_SELF, &here);
    getrusage(RUSAGE_CHILDREN, &children);
    return {here.ru_maxrss / 1024, children.ru_maxrss / 1024};
}

}  // namespace persona::bench

// persona-decoder: standard input is a recording, standard output is messages (decode_wire.hpp). Started by media::Decoder only.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "media/child/confine.hpp"
#include "media/child/output.hpp"
#include "media/decoder/libav.hpp"
#include "media/decoder/sound.hpp"

namespace {

using namespace persona::media;

std::uint64_t number(const char* text) { return std::strtoull(text, nullptr, 10); }

// One block of memory above this is a lie of a header.
constexpr std::size_t largest_allocation = 128 << 20;

}  // namespace

int main(int argc, char** argv) {
    if (argc != wire::argument_count) return 2;
    const Bounds bounds{number(argv[wire::memory_bytes]), number(argv[wire::cpu_seconds]), static_cast<pid_t>(number(argv[wire::parent_pid]))};
    if (const char* failed = confine(bounds)) {
        std::fprintf(stderr, "could not confine myself: %s\n", failed);
        return 3;
    }
    av_max_alloc(largest_allocation);
    av_log_set_level(AV_LOG_ERROR);
    const bool deliver = std::strcmp(argv[wire::mode], wire::mode_decode) == 0;
    const wire::End end = decode_standard_input({
        argv[wire::demuxer],
        number(argv[wire::max_samples]),
        [](const wire::Info& info) { send(wire::Kind::info, info); },
        [deliver](std::span<const std::int16_t> samples) {
            if (deliver) send_data({reinterpret_cast<const std::uint8_t*>(samples.data()), samples.size_bytes()});
        },
    });
    send(wire::Kind::end, end);
    _exit(0);  // no exit handlers: those of the sanitizers make calls that the filter refuses
}

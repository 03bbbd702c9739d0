// The bodies of persona-decoder's messages (child_wire.hpp): one info, data that is samples, one end. And its arguments.
#pragma once

#include "media/child_wire.hpp"

namespace persona::media::wire {

inline constexpr int rate = 16000;  // samples a second, mono, 16 bits

struct Info {
    std::uint32_t has_audio;
    std::uint32_t has_video;  // moving pictures; a cover is none
    char codec[24];           // libavcodec's name of the sound, ended by zero
};

enum class Verdict : std::uint32_t { complete, truncated, no_audio, too_long, not_media, failed };

struct End {
    Verdict verdict;
    std::uint32_t bad_packets;
    std::uint64_t samples;  // decoded, whether sent or only counted
};

// Arguments of persona-decoder, in this order, after its name.
enum Argument : int { demuxer = 1, mode, max_samples, memory_bytes, cpu_seconds, parent_pid, argument_count };
inline constexpr const char* mode_measure = "measure";
inline constexpr const char* mode_decode = "decode";

}  // namespace persona::media::wire

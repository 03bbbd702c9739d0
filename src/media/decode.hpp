// Any recording or film to 16 kHz mono PCM. libavformat and libavcodec read the hostile bytes in a child process (persona-decoder)
// that holds one open file and may call neither open nor socket; memory stays bounded whatever the length. Synchronous: call it from
// a CPU pool or a worker process. The calling thread must live until the call returns, as the child dies with it.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "media/content_type.hpp"

namespace persona::media {

inline constexpr int pcm_rate = 16000;  // samples a second of everything below

enum class DecodeError : std::uint8_t {
    not_media,     // the content is no recording or film that we know
    no_audio,      // a film or container without sound
    truncated,     // it breaks off or announces more than it has; what came was handed over and `decoded` measures it
    too_long,      // more sound than max_duration; what came up to there was handed over
    failed,        // a known container that does not decode
    child_killed,  // the decoder ended without a word: a signal, or a bound on memory or CPU time
    timed_out,     // the deadline passed
    cancelled,     // the stop token or the sink said so
};
std::string_view name(DecodeError error);

struct DecodeFailure {
    DecodeError error;
    std::string detail;  // for the operator's log only: signals, errno, the last lines of the child's stderr
    Millis decoded{};    // sound that was decoded before
};

struct MediaInfo {
    ContentType type = ContentType::unknown;
    Millis duration{};  // counted in decoded samples; what the file says about itself is not asked
    std::string codec;  // libavcodec's name, "opus"; empty without sound
    bool has_audio = false;
    bool has_video = false;
};

struct DecodeLimits {
    Millis max_duration = 6h;                // of sound
    Millis wall = 10min;                     // for the whole call
    std::uint64_t memory_bytes = 512 << 20;  // address space of the child; not enforced in builds with a sanitizer
    std::uint32_t cpu_seconds = 600;
    std::stop_token cancel;  // ends the child at once
};

// Gets blocks of samples in order, valid during the call; false stops the decoding.
using PcmSink = std::function<bool(std::span<const std::int16_t>)>;

class Decoder {
public:
    // program: persona-decoder. Throws BadConfig where it cannot be executed.
    explicit Decoder(std::filesystem::path program);
    // Beside the running executable, else in ../libexec/persona of it, as `cmake --install` places it.
    static std::filesystem::path installed_program();

    // Decodes everything to measure it, hands nothing over. A file without sound is an answer here (has_audio false), not a failure.
    // A truncated or too long file fails as in decode. Throws Unavailable where the file or a process cannot be had.
    std::expected<MediaInfo, DecodeFailure> probe(const std::filesystem::path& file, const DecodeLimits& limits) const;
    // Returns the measured duration of what the sink got. Throws as probe does; what the sink throws passes through.
    std::expected<Millis, DecodeFailure> decode(const std::filesystem::path& file, const DecodeLimits& limits, const PcmSink& sink) const;

private:
    std::filesystem::path program_;
};

}  // namespace persona::media

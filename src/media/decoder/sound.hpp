// The sound of one file, as 16 kHz mono: finds the stream, decodes, resamples, counts.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "media/decode_wire.hpp"

namespace persona::media {

struct Request {
    const char* demuxer;
    std::uint64_t max_samples;
    std::function<void(const wire::Info&)> on_info;
    std::function<void(std::span<const std::int16_t>)> on_samples;
};

// Reads standard input to its end or to max_samples. Damage inside is stepped over and counted; why something failed goes to stderr.
wire::End decode_standard_input(const Request& request);

}  // namespace persona::media

// The child's side of decode_wire.hpp: messages to standard output.
#pragma once

#include <cstdint>
#include <span>

#include "media/decode_wire.hpp"

namespace persona::media {

// All block while the parent is busy; a parent that has gone ends this process (SIGPIPE).
void send(const wire::Info& info);
void send(const wire::End& end);
// Any number of samples; split into bodies within the bound.
void send(std::span<const std::int16_t> samples);

}  // namespace persona::media

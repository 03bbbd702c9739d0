// Takes from this process what reading a file has no use for, before the first hostile byte is read. Bounds are for good.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace persona::media {

struct Bounds {
    std::uint64_t memory_bytes;  // address space; not set in builds with a sanitizer, whose shadow alone is terabytes
    std::uint64_t cpu_seconds;   // SIGXCPU after it
    pid_t parent;                // the process ends when the thread that started it does
};

// Limits, no core dump, no new privileges, and a seccomp list: memory, the three standard descriptors and time, nothing else. A refused
// call fails with EPERM. Returns nullptr, or the name of the step that failed: then nothing may be decoded.
const char* confine(const Bounds& bounds);

}  // namespace persona::media

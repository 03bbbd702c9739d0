// What the kernel counts of a process.
#pragma once

#include <chrono>

namespace persona::bench {

struct ProcessTimes {
    std::chrono::microseconds cpu{};      // user and system, all threads; the kernel's ticks are 10 ms
    std::chrono::microseconds delayed{};  // its main thread could have run, and the core was another's
};

ProcessTimes times_of(int pid);

struct ProcessMemory {
    long rss_kb = 0, pss_kb = 0;
};

ProcessMemory memory_of(int pid);

}  // namespace persona::bench

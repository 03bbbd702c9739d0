#include "update/process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "base/error.hpp"

namespace persona::bench {

ProcessTimes times_of(int pid) {
    std::ifstream stat(fmt::format("/proc/{}/stat", pid));
    std::string text;
    std::getline(stat, text);
    if (text.empty()) throw Error(fmt::format("process {} is gone", pid));
    std::istringstream fields(text.substr(text.rfind(')') + 2));  // behind the name: state is the third field, utime the 14th
    std::string skipped;
    for (int field = 3; field < 14; ++field) fields >> skipped;
    long user = 0, system = 0;
    fields >> user >> system;
    std::ifstream schedule(fmt::format("/proc/{}/schedstat", pid));
    long long ran_ns = 0, delayed_ns = 0;
    schedule >> ran_ns >> delayed_ns;
    return {std::chrono::microseconds((user + system) * 1'000'000 / ::sysconf(_SC_CLK_TCK)), std::chrono::microseconds(delayed_ns / 1000)};
}

ProcessMemory memory_of(int pid) {
    std::ifstream smaps(fmt::format("/proc/{}/smaps_rollup", pid));
    ProcessMemory memory;
    for (std::string name; smaps >> name;) {
        if (name == "Rss:") smaps >> memory.rss_kb;
        if (name == "Pss:") smaps >> memory.pss_kb;
    }
    return memory;
}

}  // namespace persona::bench

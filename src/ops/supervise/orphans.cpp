#include "ops/supervise/orphans.hpp"

extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}
#include <signal.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "async/within.hpp"

namespace persona::ops {
namespace {

namespace fs = std::filesystem;

struct Record {
    pid_t pid = 0;
    unsigned long long started = 0;
    int stop_signal = SIGTERM;
};

// Nothing for a process that is gone or only a zombie.
std::optional<unsigned long long> start_time(pid_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    std::istringstream fields(line.substr(line.rfind(')') + 1));  // the name before it may hold blanks and brackets
    std::string state, skipped;
    fields >> state;
    for (int field = 4; field < 22; ++field) fields >> skipped;
    unsigned long long started = 0;
    if (!(fields >> started) || state == "Z" || state == "X") return std::nullopt;
    return started;
}

std::optional<Record> read_record(const fs::path& path) {
    Record record;
    std::ifstream file(path);
    if (!(file >> record.pid >> record.started >> record.stop_signal) || record.pid <= 1) return std::nullopt;
    return record;
}

Task<void> gone(asio::posix::stream_descriptor& process) {
    co_await process.async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
}

// `same` is asked again once the pid is held by a descriptor: it may have changed hands before.
Task<bool> end_process(pid_t pid, int signal, Millis patience, std::function<bool()> same) {
    asio::posix::stream_descriptor process(co_await asio::this_coro::executor);
    const int fd = ::pidfd_open(pid, 0);
    if (fd < 0 || (process.assign(fd), !same())) co_return false;
    ::pidfd_send_signal(fd, signal, nullptr, 0);
    ::pidfd_send_signal(fd, SIGCONT, nullptr, 0);  // a stopped one could not obey
    bool killed = false;
    try {
        co_await within(Deadline::after(patience), "an orphan's end", gone(process));
    } catch (const TimedOut&) { killed = true; }
    if (killed) {
        ::pidfd_send_signal(fd, SIGKILL, nullptr, 0);
        co_await gone(process);
    }
    co_return true;
}

// The owner of /proc/PID would be root for a process that forbids dumps, whoever runs it.
bool belongs_to(pid_t pid, uid_t owner) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with("Uid:")) return std::strtoull(line.c_str() + 4, nullptr, 10) == owner;
    return false;
}

bool runs_in(const fs::path& process, const fs::path& folder, const std::string& program) {
    std::error_code error;
    const auto executable = fs::read_symlink(process / "exe", error);
    const auto where = fs::read_symlink(process / "cwd", error);
    return !error && executable.filename() == program && where == folder;
}

}  // namespace

void write_record(const fs::path& path, pid_t pid, int stop_signal) {
    std::ofstream(path) << pid << ' ' << start_time(pid).value_or(0) << ' ' << stop_signal << '\n';
}

Task<int> end_orphans(fs::path records, uid_t owner, Millis patience, Progress progress) {
    int ended = 0;
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(records))
        if (entry.path().extension() == ".pid") paths.push_back(entry.path());
    for (const auto& path : paths) {
        const auto record = read_record(path);
        const auto same = [&] { return record && start_time(record->pid) == record->started && belongs_to(record->pid, owner); };
        if (same()) {
            progress("ending " + path.stem().string() + " of the run before");
            ended += co_await end_process(record->pid, record->stop_signal, patience, same);
        }
        fs::remove(path);
    }
    co_return ended;
}

Task<int> end_programs_in(fs::path folder, uid_t owner, std::string program, Millis patience) {
    int ended = 0;
    std::error_code ignored;
    folder = fs::weakly_canonical(folder, ignored);
    for (const auto& entry : fs::directory_iterator("/proc")) {
        pid_t pid = 0;
        const std::string name = entry.path().filename().string();
        if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size() || pid <= 1) continue;
        const auto same = [&] { return runs_in(entry.path(), folder, program) && belongs_to(pid, owner); };
        if (same()) ended += co_await end_process(pid, SIGINT, patience, same);
    }
    co_return ended;
}

}  // namespace persona::ops

// One run of persona-decoder or persona-picture: starts it in a process group of its own, carries its messages, and leaves no process behind.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace persona::media {

class FileDescriptor {
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd) : fd_(fd) {}
    FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    FileDescriptor& operator=(FileDescriptor&& other) noexcept;
    ~FileDescriptor();
    int get() const { return fd_; }
    void close();

private:
    int fd_ = -1;
};

// A program beside the running executable, else in ../libexec/persona of it, as `cmake --install` places it.
std::filesystem::path installed_child(std::string_view name);

class ConfinedChild {
public:
    // input becomes the child's standard input, and is the only file that it holds. Throws Unavailable.
    ConfinedChild(const std::filesystem::path& program, const std::vector<std::string>& arguments, int input);
    ~ConfinedChild();  // kills the group and reaps
    ConfinedChild(const ConfinedChild&) = delete;
    ConfinedChild& operator=(const ConfinedChild&) = delete;

    enum class Finish { closed, refused, timed_out, cancelled };
    // Hands over what the child writes until it closes its output, `take` refuses (false), the deadline passes or `cancel` fires.
    Finish pump(std::chrono::steady_clock::time_point deadline, std::stop_token cancel, const std::function<bool(ByteView)>& take);

    // Kills what is left, reaps it, and says in words how it ended together with the tail of its stderr.
    std::string bury();
    pid_t pid() const { return pid_; }

private:
    bool drain_errors();

    pid_t pid_ = -1;
    FileDescriptor output_, errors_;
    std::string tail_;  // of stderr, bounded
    std::string end_;   // how it ended, once reaped
};

}  // namespace persona::media

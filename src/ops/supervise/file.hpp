// An open file descriptor that closes itself.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/error.hpp"

namespace persona::ops {

class File {
public:
    File() = default;
    explicit File(int fd) : fd_(fd) {}
    File(File&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    File& operator=(File&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~File() {
        if (fd_ >= 0) ::close(fd_);
    }

    // Closed in children. Throws Error with the path and the reason.
    static File open(const std::filesystem::path& path, int flags, mode_t mode = 0) {
        File file(::open(path.c_str(), flags | O_CLOEXEC, mode));
        if (!file) throw Error(path.string() + ": " + std::strerror(errno));
        return file;
    }

    explicit operator bool() const { return fd_ >= 0; }
    int get() const { return fd_; }
    int release() { return std::exchange(fd_, -1); }

private:
    int fd_ = -1;
};

}  // namespace persona::ops

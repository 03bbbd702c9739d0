#include "media/confined_child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <system_error>

#include "base/error.hpp"

namespace persona::media {
namespace {

constexpr std::size_t tail_bytes = 2000;

[[noreturn]] void unavailable(const char* what, int error) { throw Unavailable(fmt::format("child of media: {}: {}", what, std::strerror(error))); }

struct Pipe {
    FileDescriptor read, write;
    Pipe() {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0) unavailable("pipe", errno);
        read = FileDescriptor(ends[0]);
        write = FileDescriptor(ends[1]);
    }
};

// posix_spawn and not fork: the parent has many threads and a large heap. The child binds its own limits before it reads a byte.
class Recipe {
public:
    Recipe() {
        posix_spawn_file_actions_init(&actions_);
        posix_spawnattr_init(&attributes_);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
    }
    ~Recipe() {
        posix_spawn_file_actions_destroy(&actions_);
        posix_spawnattr_destroy(&attributes_);
    }
    void give(int from, int to) { posix_spawn_file_actions_adddup2(&actions_, from, to); }

    pid_t start(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
        posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
        std::string name = program.filename().string();
        std::vector<char*> argv{name.data()};
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        char* environment[] = {nullptr};
        pid_t pid = -1;
        const int error = posix_spawn(&pid, program.c_str(), &actions_, &attributes_, argv.data(), environment);
        if (error != 0) unavailable("spawn", error);
        return pid;
    }

private:
    posix_spawn_file_actions_t actions_;
    posix_spawnattr_t attributes_;
};

std::string in_words(int status) {
    if (WIFSIGNALED(status)) return fmt::format("killed by signal {} ({})", WTERMSIG(status), strsignal(WTERMSIG(status)));
    return fmt::format("exit status {}", WEXITSTATUS(status));
}

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1 << 30));
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
}

FileDescriptor::~FileDescriptor() { close(); }

void FileDescriptor::close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::filesystem::path installed_child(std::string_view name) {
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const auto beside = folder / name;
    return access(beside.c_str(), X_OK) == 0 ? beside : (folder / "../libexec/persona" / name).lexically_normal();
}

ConfinedChild::ConfinedChild(const std::filesystem::path& program, const std::vector<std::string>& arguments, int input) {
    Pipe output, errors;
    Recipe recipe;
    recipe.give(input, STDIN_FILENO);
    recipe.give(output.write.get(), STDOUT_FILENO);
    recipe.give(errors.write.get(), STDERR_FILENO);
    pid_ = recipe.start(program, arguments);
    output_ = std::move(output.read);
    errors_ = std::move(errors.read);
    fcntl(errors_.get(), F_SETFL, O_NONBLOCK);
}

ConfinedChild::~ConfinedChild() { bury(); }

bool ConfinedChild::drain_errors() {
    std::array<char, 4096> buffer;
    ssize_t size;
    while ((size = read(errors_.get(), buffer.data(), buffer.size())) > 0) {
        tail_.append(buffer.data(), static_cast<std::size_t>(size));
        if (tail_.size() > tail_bytes) tail_.erase(0, tail_.size() - tail_bytes);
    }
    return size < 0 && (errno == EAGAIN || errno == EINTR);  // false: the other end is closed
}

ConfinedChild::Finish ConfinedChild::pump(std::chrono::steady_clock::time_point deadline, std::stop_token cancel,
                                          const std::function<bool(ByteView)>& take) {
    const FileDescriptor wake(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (wake.get() < 0) unavailable("eventfd", errno);
    const std::stop_callback on_cancel(cancel, [&] { (void)eventfd_write(wake.get(), 1); });
    std::vector<std::uint8_t> buffer(64 << 10);
    std::array<pollfd, 3> ready{{{output_.get(), POLLIN, 0}, {errors_.get(), POLLIN, 0}, {wake.get(), POLLIN, 0}}};
    while (true) {
        if (cancel.stop_requested()) return Finish::cancelled;
        const int left = milliseconds_until(deadline);
        if (left == 0) return Finish::timed_out;
        if (poll(ready.data(), ready.size(), left) < 0 && errno != EINTR) unavailable("poll", errno);
        if (ready[1].revents != 0 && !drain_errors()) ready[1].fd = -1;
        if (ready[0].revents == 0) continue;
        const ssize_t size = read(output_.get(), buffer.data(), buffer.size());
        if (size == 0) return Finish::closed;
        if (size > 0 && !take({buffer.data(), static_cast<std::size_t>(size)})) return Finish::refused;
    }
}

std::string ConfinedChild::bury() {
    if (pid_ < 0) return end_;
    // Harmless to a child that has ended: it stays a zombie, and its status its own, until it is reaped below.
    kill(-pid_, SIGKILL);
    kill(pid_, SIGKILL);
    int status = 0;
    pid_t reaped;
    do reaped = waitpid(pid_, &status, 0);
    while (reaped < 0 && errno == EINTR);
    drain_errors();
    pid_ = -1;
    end_ = fmt::format("{}{}{}", reaped < 0 ? "end unknown" : in_words(status), tail_.empty() ? "" : ": ", tail_);
    return end_;
}

}  // namespace persona::media

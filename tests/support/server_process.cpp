#include "support/server_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}

#include <algorithm>
#include <chrono>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/error.hpp"

namespace persona::test {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;
constexpr std::chrono::seconds start_limit(30);

struct File {
    int fd;
    explicit File(int f, const char* what) : fd(f) {
        if (fd < 0) throw Error(std::string(what) + ": " + std::strerror(errno));
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() { ::close(fd); }
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (const auto& s : strings) out.push_back(const_cast<char*>(s.c_str()));
    out.push_back(nullptr);
    return out;
}

// Only what a server needs: settings of the developer's shell (PGDATA, LD_PRELOAD, NOTIFY_SOCKET) must not reach it.
std::vector<std::string> environment(const std::string& notify) {
    std::vector<std::string> out{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"};
    if (!notify.empty()) out.push_back("NOTIFY_SOCKET=" + notify);
    return out;
}

// Between fork and exec only calls that are safe in a copy of a process with threads.
[[noreturn]] void become(char* const* argv, char* const* env, int log, Account account) {
    ::setpgid(0, 0);  // Ctrl-C ends the test, and then the guard ends us
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    const int nothing = ::open("/dev/null", O_RDONLY);
    ::dup2(nothing, 0);
    ::dup2(log, 1);
    ::dup2(log, 2);
    ::close_range(3, ~0U, 0);
    const bool dropped = ::getuid() != 0 || (::setgroups(0, nullptr) == 0 && ::setgid(account.gid) == 0 && ::setuid(account.uid) == 0);
    if (dropped) ::execve(argv[0], argv, env);
    ::_exit(127);
}

pid_t launch(const std::vector<std::string>& command, const fs::path& log_path, const std::string& notify) {
    const File log(::open(log_path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644), log_path.c_str());
    const auto env_strings = environment(notify);
    const auto argv = pointers(command), env = pointers(env_strings);
    const Account account = server_account();
    const pid_t pid = ::fork();
    if (pid < 0) throw Error(std::string("fork: ") + std::strerror(errno));
    if (pid == 0) become(argv.data(), env.data(), log.fd, account);
    return pid;
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

std::string end_of(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    const std::string all = text.str();
    return all.size() > 4000 ? all.substr(all.size() - 4000) : all;
}

int bound_socket(const fs::path& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ::unlink(path.c_str());
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) throw Error(path.string() + ": " + std::strerror(errno));
    ::chmod(path.c_str(), 0777);
    return fd;
}

// True when READY=1 came, false when the process ended or the time is over.
bool becomes_ready(int notify, pid_t pid, Steady::time_point until) {
    const File process(::pidfd_open(pid, 0), "pidfd_open");
    while (true) {
        pollfd fds[] = {{notify, POLLIN, 0}, {process.fd, POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        const int n = ::poll(fds, 2, static_cast<int>(std::max<long>(left, 0)));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        if (fds[0].revents & POLLIN) {
            char message[4096];
            const auto size = ::recv(notify, message, sizeof message, 0);
            if (size > 0 && std::string_view(message, static_cast<std::size_t>(size)).find("READY=1") != std::string_view::npos) return true;
        } else {
            return false;
        }
    }
}

// A shell that reads until our end of the pipe is gone, which no way of dying can prevent; then it cleans up.
// PostgreSQL gets QUIT: a killed postmaster would leave its segment of System V memory behind for ever.
constexpr const char* guard_script =
    "trap '' INT TERM HUP; read -r _; exec 2>/dev/null;"
    " for f in \"$1\"/*/postmaster.pid; do read -r pid <\"$f\" && kill -QUIT \"$pid\"; done;"
    " for f in \"$1\"/*.pid; do read -r pid <\"$f\" && kill -KILL \"$pid\"; done; rm -rf \"$1\" || rm -rf \"$1\"";

void start_guard(const fs::path& folder) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("pipe: ") + std::strerror(errno));
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::setsid();
        ::dup2(ends[0], 0);
        const int nothing = ::open("/dev/null", O_WRONLY);
        ::dup2(nothing, 1);
        ::dup2(nothing, 2);
        ::close_range(3, ~0U, 0);
        ::execl("/bin/sh", "sh", "-c", guard_script, "guard", folder.c_str(), nullptr);
        ::_exit(127);
    }
    ::close(ends[0]);  // the other end stays open for the life of this process
}

// As files that tell when they end: numbers of processes are used again.
std::vector<pollfd> children_of(pid_t process) {
    std::ifstream numbers("/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children");
    std::vector<pollfd> out;
    for (pid_t child = 0; numbers >> child;)
        if (const auto fd = static_cast<int>(::syscall(SYS_pidfd_open, child, 0)); fd >= 0) out.push_back({fd, POLLIN, 0});
    return out;
}

}  // namespace

Account server_account() {
    if (::getuid() != 0) return {::getuid(), ::getgid()};
    const passwd* user = ::getpwnam("postgres");
    if (!user) throw Error("no system user postgres: install postgresql-15 (./dev test does)");
    return {user->pw_uid, user->pw_gid};
}

fs::path guarded_folder() {
    std::string path = (fs::temp_directory_path() / "persona-test-XXXXXX").string();
    if (path.size() > 60) path = "/tmp/persona-test-XXXXXX";
    if (!::mkdtemp(path.data())) throw Error(path + ": " + std::strerror(errno));
    const Account account = server_account();
    // Others may pass: a product started by a test drops to a user of its own.
    if (::chmod(path.c_str(), 0755) != 0 || ::chown(path.c_str(), account.uid, account.gid) != 0) throw Error(path + ": " + std::strerror(errno));
    start_guard(path);
    return path;
}

void run_to_end(const std::vector<std::string>& command, const fs::path& log) {
    if (wait_for(launch(command, log, {})) != 0) throw Error(command[0] + " failed: " + end_of(log));
}

ServerProcess::ServerProcess(std::string name, std::vector<std::string> command, fs::path folder)
    : name_(std::move(name)), command_(std::move(command)), folder_(std::move(folder)) {}

bool ServerProcess::try_start() {
    const fs::path socket = folder_ / (name_ + ".notify");
    const File notify(bound_socket(socket), "socket");
    pid_ = launch(command_, folder_ / (name_ + ".log"), socket.string());
    if (becomes_ready(notify.fd, pid_, Steady::now() + start_limit)) return true;
    end(SIGKILL);
    return false;
}

void ServerProcess::start() {
    if (pid_ > 0) return;
    const auto until = Steady::now() + start_limit;
    while (!try_start())
        if (Steady::now() >= until) throw Error(name_ + " does not start: " + end_of(folder_ / (name_ + ".log")));
}

// A killed PostgreSQL leaves sessions that answer until they notice: they die with it, and nobody answers after end().
void ServerProcess::end(int signal) {
    if (pid_ <= 0) return;
    std::vector<pollfd> children;
    if (signal == SIGKILL) children = children_of(pid_);
    ::kill(pid_, signal);
    for (const pollfd& child : children) ::syscall(SYS_pidfd_send_signal, child.fd, SIGKILL, nullptr, 0);
    wait_for(std::exchange(pid_, -1));
    for (pollfd& child : children) {
        ::poll(&child, 1, 5000);
        ::close(child.fd);
    }
}

}  // namespace persona::test

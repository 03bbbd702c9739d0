#include "ops/supervise/launch.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "ops/supervise/file.hpp"

namespace persona::ops {
namespace {

// Everything the child needs, made before the fork: afterwards no memory may be taken.
struct Prepared {
    const Launch& what;
    std::vector<char*> argv, environment;
    File program, input, log, report;
    pid_t parent;
};

std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (const auto& s : strings) out.push_back(const_cast<char*>(s.c_str()));
    out.push_back(nullptr);
    return out;
}

void reset_signals() {
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Fails with errno set. The death signal comes after the account: taking one clears it.
bool settle(const Prepared& p) {
    reset_signals();
    if (::setpgid(0, 0) != 0 || ::dup2(p.input.get(), 0) < 0) return false;
    if (p.log && (::dup2(p.log.get(), 1) < 0 || ::dup2(p.log.get(), 2) < 0)) return false;
    if (p.what.nice != 0 && ::setpriority(PRIO_PROCESS, 0, p.what.nice) != 0) return false;
    if ((p.what.account && !take(*p.what.account)) || ::chdir(p.what.folder.c_str()) != 0) return false;
    if (::prctl(PR_SET_PDEATHSIG, p.what.death_signal) != 0) return false;
    if (::getppid() != p.parent) ::_exit(1);  // the parent ended before the signal was asked for
    return true;
}

[[noreturn]] void run(const Prepared& p) {
    if (settle(p)) {
        ::execve(p.argv[0], p.argv.data(), p.environment.data());
        if (errno == EACCES) ::fexecve(p.program.get(), p.argv.data(), p.environment.data());  // second, as it spoils the name that ps shows
    }
    const int reason = errno;
    [[maybe_unused]] const auto n = ::write(p.report.get(), &reason, sizeof reason);
    ::_exit(127);
}

File open_log(const Launch& what) {
    if (what.log.empty()) return File();
    File log = File::open(what.log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (what.account && ::fchown(log.get(), what.account->uid, what.account->gid) != 0) throw Error(what.log.string() + ": " + std::strerror(errno));
    return log;
}

}  // namespace

pid_t launch(const Launch& what) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error(std::string("pipe: ") + std::strerror(errno));
    File answer(ends[0]);
    Prepared p{what,
               pointers(what.command),
               pointers(what.environment),
               File::open(what.command.at(0), O_PATH),
               File::open(what.input.empty() ? "/dev/null" : what.input, O_RDONLY),
               open_log(what),
               File(ends[1]),
               ::getpid()};
    const pid_t pid = ::fork();
    if (pid < 0) throw Error(std::string("fork: ") + std::strerror(errno));
    if (pid == 0) run(p);
    p.report = File();
    int reason = 0;
    if (::read(answer.get(), &reason, sizeof reason) != sizeof reason) return pid;  // the pipe was closed by a successful exec
    ::waitpid(pid, nullptr, 0);
    throw Error("cannot run " + what.command[0] + ": " + std::strerror(reason));
}

std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables) {
    std::vector<std::string> out;
    for (char** entry = ::environ; *entry; ++entry) {
        const std::string_view text(*entry);
        const auto replaced = [&](const auto& variable) { return text.starts_with(variable.first + "="); };
        if (std::none_of(variables.begin(), variables.end(), replaced)) out.emplace_back(text);
    }
    for (const auto& [name, value] : variables) out.push_back(name + "=" + value);
    return out;
}

}  // namespace persona::ops

#include "media/child/confine.hpp"

#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <memory>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define PERSONA_SHADOW_MEMORY 1
#endif
#endif

namespace persona::media {
namespace {

constexpr int allowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(lseek),
    SCMP_SYS(fstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(brk),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(pread64),
    SCMP_SYS(futex),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(sysinfo),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};
// Memory may be had, never memory that can be run.
constexpr int allowed_without_exec[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
constexpr scmp_arg_cmp not_executable{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};  // the third argument

bool limit(__rlimit_resource what, std::uint64_t value) {
    const rlimit both{value, value};
    return setrlimit(what, &both) == 0;
}

bool set_limits(const Bounds& bounds) {
#ifndef PERSONA_SHADOW_MEMORY
    if (!limit(RLIMIT_AS, bounds.memory_bytes)) return false;
#endif
    return limit(RLIMIT_CPU, bounds.cpu_seconds) && limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_NOFILE, STDERR_FILENO + 1) && limit(RLIMIT_CORE, 0);
}

bool filter_calls() {
    const std::unique_ptr<void, decltype(&seccomp_release)> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), seccomp_release);
    if (!filter) return false;
    for (const int call : allowed)
        if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0) != 0) return false;
    for (const int call : allowed_without_exec)
        if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 1, not_executable) != 0) return false;
    return seccomp_load(filter.get()) == 0;
}

}  // namespace

const char* confine(const Bounds& bounds) {
    // The parent may have died before the first call: then nobody is left to send the signal.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != bounds.parent) return "parent";
    if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "privileges";
    if (!set_limits(bounds)) return "limits";
    return filter_calls() ? nullptr : "system calls";
}

}  // namespace persona::media

#include "ops/supervise/account.hpp"

#include <grp.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "ops/supervise/file.hpp"

namespace persona::ops {
namespace {

constexpr const char* account_name = "persona";

std::optional<Account> find_account() {
    const passwd* user = ::getpwnam(account_name);
    if (!user) return std::nullopt;
    if (user->pw_uid == 0) throw BadConfig("the system user persona must not be root");
    return Account{account_name, user->pw_uid, user->pw_gid};
}

int wait_for(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return status;
}

void make_account() {
    const char* command[] = {"/usr/sbin/useradd", "--system", "--user-group",      "--no-create-home", "--home-dir",
                             "/nonexistent",      "--shell",  "/usr/sbin/nologin", account_name,       nullptr};
    char* environment[] = {nullptr};
    pid_t pid = 0;
    if (::posix_spawn(&pid, command[0], nullptr, nullptr, const_cast<char* const*>(command), environment) != 0)
        throw Error("no system user persona, and no useradd to make it");
    if (wait_for(pid) != 0) throw Error("useradd could not make the system user persona");
}

[[noreturn]] void fail(const std::string& what) { throw Error(what + ": " + std::strerror(errno)); }

}  // namespace

std::optional<Account> service_account() {
    if (::geteuid() != 0) return std::nullopt;
    auto account = find_account();
    if (account) return account;
    make_account();
    account = find_account();
    if (!account) throw Error("useradd made no system user persona");
    return account;
}

bool take(const Account& account) noexcept {
    if (::geteuid() == account.uid && ::getuid() == account.uid) return true;
    return ::setgroups(0, nullptr) == 0 && ::setgid(account.gid) == 0 && ::setuid(account.uid) == 0;
}

void become(const Account& account) {
    if (!take(account)) fail("cannot run as " + account.name);
    if (::setuid(0) == 0) throw Error("root came back after running as " + account.name);
}

void give_to(const std::optional<Account>& account, const std::filesystem::path& folder) {
    const File file = File::open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (account && ::fchown(file.get(), account->uid, account->gid) != 0) fail(folder.string());
    if (::fchmod(file.get(), 0700) != 0) fail(folder.string());
}

bool can_enter(const std::optional<Account>& account, const std::filesystem::path& folder) {
    if (!account) return ::access(folder.c_str(), X_OK) == 0;
    const pid_t pid = ::fork();  // only the kernel knows all the rules, so a copy of us tries
    if (pid < 0) fail("fork");
    if (pid == 0)
        ::_exit(::setgroups(0, nullptr) == 0 && ::setgid(account->gid) == 0 && ::setuid(account->uid) == 0 && ::access(folder.c_str(), X_OK) == 0
                    ? 0
                    : 1);
    return wait_for(pid) == 0;
}

}  // namespace persona::ops

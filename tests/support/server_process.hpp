// A server that a test program starts for itself. It never runs as root, and it is ready when it says so itself:
// PostgreSQL and Redis of Debian both speak sd_notify, so nobody polls and nobody sleeps.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace persona::test {

// Whom servers run as: ourselves, or the system user of Debian's PostgreSQL when we are root.
struct Account {
    uid_t uid;
    gid_t gid;
};
Account server_account();

// A folder below the system's temporary one, owned by server_account(), with a path short enough for sockets (100 bytes).
// A guard process ends what still runs there (*.pid) and removes it as soon as this process is gone, however it ended.
std::filesystem::path guarded_folder();

// Runs to its end as server_account(); throws Error with its output unless it exits with 0.
void run_to_end(const std::vector<std::string>& command, const std::filesystem::path& log);

class ServerProcess {
public:
    // command[0] is an absolute path. The log and the socket of readiness are made in `folder`, named by `name`.
    ServerProcess(std::string name, std::vector<std::string> command, std::filesystem::path folder);

    // Returns when the server is ready. A start that fails is tried again for 30 s (after a kill -9 the last children of the
    // old server may still hold its memory), then throws Error with the end of its log. Does nothing where it runs.
    void start();
    // Sends the signal and waits for the end. Does nothing where it does not run.
    void end(int signal);
    pid_t pid() const { return pid_; }

private:
    bool try_start();

    std::string name_;
    std::vector<std::string> command_;
    std::filesystem::path folder_;
    pid_t pid_ = -1;
};

}  // namespace persona::test

// fork and exec, with everything set that a supervised child needs before it runs its first instruction.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ops/supervise/account.hpp"

namespace persona::ops {

struct Launch {
    std::vector<std::string> command;      // [0] is the path of the program
    std::vector<std::string> environment;  // "NAME=value", the whole of it
    std::optional<Account> account;        // whom it runs as; nothing: as we do
    std::filesystem::path folder = "/";    // where it starts
    std::filesystem::path input;           // empty: /dev/null
    std::filesystem::path log;             // stdout and stderr are appended (made 0600); empty: ours
    int nice = 0;
    int death_signal = SIGTERM;  // what it gets when the thread that launched it ends, however that ends
};

// The child's pid. It leads a process group of its own, so that a Ctrl-C meant for us does not reach it.
// The program is opened before the account is taken: it may lie where the account cannot look.
// Throws Error when the program cannot be run. Blocks until exec. Call it from a thread that outlives the child.
pid_t launch(const Launch& what);

// Our own environment with these variables set or replaced.
std::vector<std::string> environment_with(const std::vector<std::pair<std::string, std::string>>& variables);

}  // namespace persona::ops

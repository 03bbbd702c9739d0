// One process that we start, know to be ready, and end: in order, and for good when it does not obey.
// Lives on one io_context thread, which must outlive the process (see Launch::death_signal).
#pragma once

#include <memory>
#include <string>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "ops/supervise/launch.hpp"

namespace persona::ops {

struct ChildSpec {
    std::string name;  // "postgresql", "worker": in messages, logs, and the name of its record
    Launch launch;
    bool says_ready = false;    // ready when it sends READY=1; otherwise as soon as it runs
    int stop_signal = SIGTERM;  // asks for an orderly end; also what it gets when we die
    Millis patience{20'000};    // how long an orderly end may take before SIGKILL
};

// How a process ended.
struct Exit {
    int status = 0;  // exit status, where signal is 0
    int signal = 0;

    bool clean() const { return status == 0 && signal == 0; }
    std::string text() const;  // "exit status 3", "signal 9"
};

class Child {
public:
    // Starts it. records: a folder in which NAME.pid tells the next run what to end if we cannot (orphans.hpp).
    // Throws Error when it cannot be run.
    Child(Executor executor, ChildSpec spec, const std::filesystem::path& records);
    // Kills what still runs, and waits for it.
    ~Child();
    Child(const Child&) = delete;

    // Throws Unavailable when it ended before (with the end of its log), TimedOut when the deadline passed.
    Task<void> ready(Deadline deadline);
    // Waits for its end, of whatever cause.
    Task<Exit> ended();
    // Asks for an end and waits for it; kills it when its patience is over.
    Task<Exit> stop();

    bool running() const;
    pid_t pid() const { return pid_; }
    const ChildSpec& spec() const { return spec_; }

private:
    struct State;
    ChildSpec spec_;
    std::filesystem::path record_;
    std::shared_ptr<State> state_;
    pid_t pid_ = -1;
};

// The last lines of a log, at most `bytes` of them; empty where there is none.
std::string tail(const std::filesystem::path& log, std::size_t bytes = 2000);

}  // namespace persona::ops

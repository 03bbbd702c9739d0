#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>

#include "installation.hpp"
#include "ops/supervise/launch.hpp"
#include "ops/supervise/ready.hpp"

namespace persona::e2e {
namespace {

constexpr auto start_limit = std::chrono::seconds(60);
constexpr int end_limit = 40;  // seconds

int status_of(int raw) { return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw); }

}  // namespace

Program::Program(std::string name, std::vector<std::string> command, Variables variables, std::filesystem::path log)
    : name_(std::move(name)), command_(std::move(command)), variables_(std::move(variables)), log_(std::move(log)) {}

Program::~Program() {
    if (running()) end(SIGKILL);
}

std::string Program::log() const { return std::filesystem::exists(log_) ? read_file(log_) : ""; }

// Waits for READY=1 or for the end, whichever comes first.
void Program::start() {
    ops::ReadySocket ready;
    std::vector<std::pair<std::string, std::string>> set{{"NOTIFY_SOCKET", ready.address()}};
    set.insert(set.end(), variables_.begin(), variables_.end());
    pid_ = ops::launch({.command = command_, .environment = ops::environment_with(set), .log = log_, .death_signal = SIGKILL});
    const auto limit = std::chrono::steady_clock::now() + start_limit;
    for (bool is_ready = false; !is_ready; is_ready = ready.take()) {
        pollfd fds{ready.get(), POLLIN, 0};
        ::poll(&fds, 1, 100);
        int raw = 0;
        if (::waitpid(pid_, &raw, WNOHANG) == pid_) {
            pid_ = -1;
            throw std::runtime_error(name_ + " ended with " + std::to_string(status_of(raw)) + " before it was ready:\n" + log());
        }
        if (std::chrono::steady_clock::now() > limit) throw std::runtime_error(name_ + " was not ready in time:\n" + log());
    }
}

void Program::launch() {
    std::vector<std::pair<std::string, std::string>> set(variables_.begin(), variables_.end());
    pid_ = ops::launch({.command = command_, .environment = ops::environment_with(set), .log = log_, .death_signal = SIGKILL});
}

int Program::run() {
    launch();
    return wait_for_end();
}

int Program::wait_for_end() {
    int raw = 0;
    const auto ended = [&] { return ::waitpid(pid_, &raw, WNOHANG) == pid_; };
    if (!eventually(ended, end_limit)) {
        ADD_FAILURE() << name_ << " did not end in " << end_limit << " s:\n" << log();
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, &raw, 0);
    }
    pid_ = -1;
    return status_of(raw);
}

int Program::end(int signal) {
    ::kill(pid_, signal);
    return wait_for_end();
}

}  // namespace persona::e2e

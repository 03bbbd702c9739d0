#include "ops/supervise/child.hpp"

extern "C" {  // glibc 2.36 forgot it
#include <sys/pidfd.h>
}
#include <sys/wait.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <fstream>
#include <iterator>
#include <optional>

#include "async/signal.hpp"
#include "ops/supervise/orphans.hpp"
#include "ops/supervise/ready.hpp"

namespace persona::ops {

// Outlives the Child by the handlers that the loop still holds.
struct Child::State : std::enable_shared_from_this<State> {
    Signal changed;
    ReadySocket ready_socket;
    asio::posix::stream_descriptor ready_fd;
    asio::posix::stream_descriptor process_fd;
    bool is_ready = false;
    std::optional<Exit> exit;

    explicit State(const Executor& executor) : changed(executor), ready_fd(executor, ::dup(ready_socket.get())), process_fd(executor) {}

    void watch(pid_t pid) {
        process_fd.assign(::pidfd_open(pid, 0));
        process_fd.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](boost::system::error_code error) {
            if (!error) self->reap();
        });
        listen();
    }

    void listen() {
        ready_fd.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](boost::system::error_code error) {
            if (error || self->exit) return;
            if (self->ready_socket.take()) {
                self->is_ready = true;
                self->changed.notify();
            }
            self->listen();
        });
    }

    // The process has ended (or is about to, after SIGKILL): takes its status, so that no zombie stays.
    void reap() {
        if (exit) return;
        siginfo_t info{};
        while (::waitid(P_PIDFD, static_cast<id_t>(process_fd.native_handle()), &info, WEXITED) < 0 && errno == EINTR) {}
        exit = info.si_code == CLD_EXITED ? Exit{info.si_status, 0} : Exit{0, info.si_status};
        ready_fd.close();
        changed.notify();
    }

    void send(int signal) {
        if (!exit) ::pidfd_send_signal(process_fd.native_handle(), signal, nullptr, 0);
    }
};

std::string Exit::text() const { return signal ? "signal " + std::to_string(signal) : "exit status " + std::to_string(status); }

Child::Child(Executor executor, ChildSpec spec, const std::filesystem::path& records)
    : spec_(std::move(spec)), record_(records / (spec_.name + ".pid")), state_(std::make_shared<State>(executor)) {
    if (spec_.says_ready) spec_.launch.environment.push_back("NOTIFY_SOCKET=" + state_->ready_socket.address());
    spec_.launch.death_signal = spec_.stop_signal;
    state_->is_ready = !spec_.says_ready;
    pid_ = launch(spec_.launch);
    state_->watch(pid_);
    write_record(record_, pid_, spec_.stop_signal);
}

Child::~Child() {
    state_->send(SIGKILL);
    state_->reap();
    state_->process_fd.close();
    std::error_code ignored;
    std::filesystem::remove(record_, ignored);
}

Task<void> Child::ready(Deadline deadline) {
    const auto state = state_;
    while (!state->is_ready && !state->exit)
        if (!co_await state->changed.wait(deadline)) throw TimedOut(spec_.name + " is not ready in time: " + tail(spec_.launch.log));
    if (state->exit) throw Unavailable(spec_.name + " ended at its start (" + state->exit->text() + "): " + tail(spec_.launch.log));
}

Task<Exit> Child::ended() {
    const auto state = state_;
    while (!state->exit) co_await state->changed.wait(Deadline::never());
    co_return *state->exit;
}

Task<Exit> Child::stop() {
    const auto state = state_;
    state->send(spec_.stop_signal);
    const auto patience = Deadline::after(spec_.patience);
    while (!state->exit && co_await state->changed.wait(patience)) {}
    state->send(SIGKILL);
    while (!state->exit) co_await state->changed.wait(Deadline::never());
    co_return *state->exit;
}

bool Child::running() const { return !state_->exit; }

std::string tail(const std::filesystem::path& log, std::size_t bytes) {
    std::ifstream file(log, std::ios::ate | std::ios::binary);
    if (!file) return {};
    const auto size = static_cast<std::size_t>(file.tellg());
    file.seekg(static_cast<std::streamoff>(size > bytes ? size - bytes : 0));
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace persona::ops

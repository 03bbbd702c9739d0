#include "ops/supervise/child.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
extern "C" {
#include <sys/pidfd.h>
}
#include <sys/wait.h>

#include <fstream>

#include "base/notify.hpp"
#include "ops/supervise/ready.hpp"
#include "ops/supervise/supervisor.hpp"
#include "scratch.hpp"
#include "support/run.hpp"

namespace persona::ops {
namespace {

using testing::HasSubstr;

ChildSpec shell(const std::string& script) {
    return {.name = "shell", .launch = {.command = {"/bin/sh", "-c", script}, .environment = environment_with({})}};
}

bool gone(int pidfd, int limit_ms = 10000) {
    pollfd fds{pidfd, POLLIN, 0};
    return ::poll(&fds, 1, limit_ms) == 1;
}

std::string text_of(const std::filesystem::path& path) { return tail(path); }

}  // namespace

TEST(Child, TellsHowItEnded) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        Child three(io, shell("exit 3"), scratch.path), killed(io, shell("kill -9 $$"), scratch.path);
        const Exit first = co_await three.ended(), second = co_await killed.ended();
        EXPECT_EQ(first.text(), "exit status 3");
        EXPECT_EQ(second.text(), "signal 9");
        EXPECT_FALSE(first.clean());
    });
}

TEST(Child, AProgramThatCannotRunIsAnErrorWithItsName) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        ChildSpec spec = shell("");
        spec.launch.command = {"/nowhere/program"};
        EXPECT_THROW(Child(io, spec, scratch.path), Error);
        spec.launch.command = {"/etc/passwd"};
        EXPECT_THROW(Child(io, spec, scratch.path), Error);
    });
}

TEST(Child, IsReadyWhenItSaysSo) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        ChildSpec spec{.name = "redis",
                       .launch = {.command = {"/usr/bin/redis-server", "--port", "0", "--unixsocket", scratch.path / "redis.sock", "--supervised",
                                              "systemd", "--save", ""},
                                  .environment = environment_with({}),
                                  .account = service_account(),
                                  .log = scratch.path / "log"},
                       .says_ready = true};
        Child child(io, spec, scratch.path);
        co_await child.ready(Deadline::after(10s));
        EXPECT_TRUE(child.running());
        const Exit exit = co_await child.stop();
        EXPECT_TRUE(exit.clean()) << exit.text();
        EXPECT_THAT(text_of(scratch.path / "log"), HasSubstr("ready to exit"));
    });
}

TEST(Child, AnEndBeforeReadinessShowsItsLog) {
    const Scratch scratch;
    run([&]() -> Task<> {
        ChildSpec spec = shell("echo the disk is full >&2; exit 1");
        spec.says_ready = true;
        spec.launch.log = scratch.path / "log";
        Child child(co_await asio::this_coro::executor, spec, scratch.path);
        std::string message;
        try {
            co_await child.ready(Deadline::after(10s));
        } catch (const Unavailable& e) { message = e.what(); }
        EXPECT_THAT(message, HasSubstr("the disk is full"));
    });
}

TEST(Child, WhoDoesNotObeyIsKilled) {
    const Scratch scratch;
    run([&]() -> Task<> {
        ChildSpec spec = shell("read never </dev/zero; sleep 1000");
        spec.stop_signal = SIGCONT;  // which asks nobody for anything
        spec.patience = Millis(20);
        Child child(co_await asio::this_coro::executor, spec, scratch.path);
        const Exit exit = co_await child.stop();
        EXPECT_EQ(exit.signal, SIGKILL);
    });
}

TEST(Child, HasNoTraceOfRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has something to drop";
    const Scratch scratch;
    run([&]() -> Task<> {
        ChildSpec spec = shell("id -u; id -G; cat /proc/self/status | grep -E '^Cap(Eff|Prm)'");
        spec.launch.account = service_account();
        spec.launch.log = scratch.path / "log";
        Child child(co_await asio::this_coro::executor, spec, scratch.path);
        co_await child.ended();
        const Account account = *service_account();
        EXPECT_EQ(text_of(scratch.path / "log"),
                  fmt::format("{}\n{}\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n", account.uid, account.gid));
    });
}

TEST(Child, AProgramInAFolderOfRootsRunsAsTheAccount) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has something to drop";
    const Scratch scratch;
    const auto closed = scratch.path / "closed";
    std::filesystem::create_directory(closed);
    std::filesystem::copy_file("/usr/bin/id", closed / "id");
    ::chmod(closed.c_str(), 0700);
    run([&]() -> Task<> {
        ChildSpec spec = shell("");
        spec.launch.command = {closed / "id", "-un"};
        spec.launch.account = service_account();
        spec.launch.log = scratch.path / "log";
        Child child(co_await asio::this_coro::executor, spec, scratch.path);
        const Exit exit = co_await child.ended();
        EXPECT_TRUE(exit.clean());
        EXPECT_EQ(text_of(scratch.path / "log"), "persona\n");
    });
}

TEST(Child, DoesNotOutliveAKilledSupervisor) {
    const Scratch scratch;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t supervisor = ::fork();
    if (supervisor == 0) {
        Launch what{.command = {"/bin/sleep", "1000"}, .environment = {}, .account = service_account()};
        const pid_t pid = launch(what);
        std::ignore = ::write(ends[1], &pid, sizeof pid);
        ::pause();
    }
    pid_t pid = 0;
    ASSERT_EQ(::read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
    const File child(::pidfd_open(pid, 0));
    ASSERT_TRUE(child);
    EXPECT_FALSE(gone(child.get(), 0));
    ::kill(supervisor, SIGKILL);
    ::waitpid(supervisor, nullptr, 0);
    EXPECT_TRUE(gone(child.get()));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(Ready, IsHeardOnceItIsSaid) {
    ReadySocket socket;
    EXPECT_FALSE(socket.take());
    ::setenv("NOTIFY_SOCKET", socket.address().c_str(), 1);
    say_ready();
    ::unsetenv("NOTIFY_SOCKET");
    EXPECT_TRUE(socket.take());
    EXPECT_FALSE(socket.take());
    say_ready();
    EXPECT_FALSE(socket.take());
}

TEST(Launch, AVariableIsReplacedAndTheOthersStay) {
    ::setenv("PERSONA_TEST_A", "old", 1);
    ::setenv("PERSONA_TEST_AB", "kept", 1);
    const auto environment = environment_with({{"PERSONA_TEST_A", "new"}});
    EXPECT_THAT(environment, testing::Contains("PERSONA_TEST_A=new").Times(1));
    EXPECT_THAT(environment, testing::Not(testing::Contains("PERSONA_TEST_A=old")));
    EXPECT_THAT(environment, testing::Contains("PERSONA_TEST_AB=kept"));
}

namespace {
// Collects what the operator is told, and lets a test wait until something was.
struct Told {
    explicit Told(const Executor& io) : changed(io) {}
    Progress progress() {
        return [this](const std::string& step) {
            steps.push_back(step);
            changed.notify();
        };
    }
    Task<void> until(std::size_t count) {
        while (steps.size() < count)
            if (!co_await changed.wait(Deadline::after(10s))) throw TimedOut("nothing more was told");
    }
    std::vector<std::string> steps;
    Signal changed;
};
constexpr RestartRule quick{.first_wait = Millis(1), .longest_wait = Millis(4), .most_failures = 3};
}  // namespace

TEST(Supervisor, StartsAgainWhatDied) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        Told told(io);
        Supervisor supervisor(io, scratch.path, told.progress());
        co_await supervisor.start(shell("exec sleep 1000"), quick);
        const pid_t first = supervisor.pid_of("shell");
        ::kill(first, SIGKILL);
        co_await told.until(3);
        EXPECT_THAT(told.steps, testing::ElementsAre("starting shell", "shell ended (signal 9)", "starting shell again"));
        EXPECT_NE(supervisor.pid_of("shell"), first);
        EXPECT_NE(supervisor.pid_of("shell"), 0);
        co_await supervisor.stop();
        EXPECT_TRUE(std::filesystem::is_empty(scratch.path)) << "a record is left";
    });
}

TEST(Supervisor, GivesUpOnWhatNeverLives) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        Told told(io);
        Supervisor supervisor(io, scratch.path, told.progress());
        co_await supervisor.start(shell("exit 1"), quick);
        EXPECT_EQ(co_await supervisor.given_up(), "shell");
        EXPECT_EQ(std::count(told.steps.begin(), told.steps.end(), "starting shell again"), 3);
        co_await supervisor.stop();
    });
}

TEST(Supervisor, StopsTheLastStartedFirst) {
    const Scratch scratch;
    run([&]() -> Task<> {
        const Executor io = co_await asio::this_coro::executor;
        Told told(io);
        Supervisor supervisor(io, scratch.path, told.progress());
        for (const char* name : {"first", "second"}) {
            ChildSpec spec = shell("exec sleep 1000");
            spec.name = name;
            co_await supervisor.start(spec, quick);
        }
        co_await supervisor.stop();
        EXPECT_THAT(told.steps, testing::ElementsAre("starting first", "starting second", "stopping second", "stopping first"));
    });
}

}  // namespace persona::ops

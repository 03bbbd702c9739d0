#include <gmock/gmock.h>
#include <gtest/gtest.h>
extern "C" {
#include <sys/pidfd.h>
}
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <fstream>

#include "ops/supervise/private_postgres.hpp"
#include "ops/supervise/private_redis.hpp"
#include "ops/supervise/supervisor.hpp"
#include "postgres/connection.hpp"
#include "scratch.hpp"
#include "support/run.hpp"

namespace persona::ops {
namespace {

using testing::HasSubstr;
constexpr postgres::Query create{"test.create", "CREATE TABLE kept AS SELECT 42 AS answer"};
constexpr postgres::Query read{"test.read", "SELECT answer FROM kept"};
constexpr postgres::Query tcp{"test.tcp", "SELECT current_setting('listen_addresses') || current_setting('data_checksums')"};
constexpr RestartRule quick{.first_wait = Millis(1), .longest_wait = Millis(100)};

const Progress silence = [](const std::string&) {};

Task<std::string> ask(std::filesystem::path data, const postgres::Query& query) {
    const auto connection = co_await postgres::Connection::open(PrivatePostgres::dsn(data), Deadline::after(10s));
    const std::vector<postgres::Statement> statements{postgres::Statement::of(query)};
    const auto answer = co_await connection->run(statements, Deadline::after(10s));
    co_return answer.rows.at(0).empty() ? std::string() : answer.rows[0].value<std::string>();
}

// A data folder with a cluster already in it, copied from one that is made once: what is tested here is not how it is made.
void put_cluster_into(const DataFolder& data) {
    static const Scratch scratch;
    static const DataFolder original(scratch.path / "data", service_account());
    static const bool made = [] {
        run([]() -> Task<> { co_await PrivatePostgres(original).prepare(silence); });
        return true;
    }();
    ASSERT_TRUE(made);
    ASSERT_EQ(std::system(("cp -a " + (original.path() / "postgres").string() + " " + data.path().string()).c_str()), 0);
}

uid_t owner_of(pid_t pid) {
    struct stat info{};
    ::stat(("/proc/" + std::to_string(pid)).c_str(), &info);
    return info.st_uid;
}

// Starts both servers in `data`, does `body`, stops them in order.
void with_servers(const DataFolder& data, std::function<Task<void>(Supervisor&)> body, Progress progress = silence) {
    run([&]() -> Task<> {
        PrivatePostgres postgresql(data);
        PrivateRedis redis(data);
        Supervisor supervisor(co_await asio::this_coro::executor, data.records(), progress);
        co_await end_orphans(data.records(), data.owner(), Millis(10'000), progress);
        co_await postgresql.prepare(progress, {{"fsync", "off"}});
        co_await supervisor.start(postgresql.child(), quick);
        co_await redis.prepare();
        co_await supervisor.start(redis.child(), quick);
        std::exception_ptr error;
        try {
            co_await body(supervisor);
        } catch (...) { error = std::current_exception(); }
        co_await supervisor.stop();
        if (error) std::rethrow_exception(error);
    });
}

}  // namespace

TEST(PrivateServers, RunOnSocketsOnlyAndNeverAsRoot) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    with_servers(data, [&](Supervisor& supervisor) -> Task<> {
        for (const char* name : {"postgresql", "redis"}) EXPECT_EQ(owner_of(supervisor.pid_of(name)), data.owner()) << name;
        EXPECT_NE(data.owner(), 0u);
        EXPECT_EQ(co_await ask(data.path(), tcp), "on");
        EXPECT_TRUE(std::filesystem::is_socket(PrivateRedis::socket(data.path())));
        EXPECT_EQ(std::filesystem::status(socket_folder(data.path())).permissions(), std::filesystem::perms::owner_all);
    });
    EXPECT_FALSE(std::filesystem::exists(data.path() / "postgres" / "postmaster.pid")) << "an orderly end";
}

TEST(PrivateServers, DataStaysThroughKillDashNineAndANewStart) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    std::vector<std::string> told;
    std::unique_ptr<Signal> changed;
    const Progress progress = [&](const std::string& step) {
        told.push_back(step);
        if (changed) changed->notify();
    };
    with_servers(
        data,
        [&](Supervisor& supervisor) -> Task<> {
            changed = std::make_unique<Signal>(co_await asio::this_coro::executor);
            co_await ask(data.path(), create);
            ::kill(supervisor.pid_of("postgresql"), SIGKILL);
            while (told.back() != "starting postgresql again") EXPECT_TRUE(co_await changed->wait(Deadline::after(10s)));
            std::string answer;
            for (const auto limit = Deadline::after(20s); answer.empty() && !limit.passed();) {
                try {
                    answer = co_await ask(data.path(), read);
                } catch (const Unavailable&) {}
            }
            EXPECT_EQ(answer, "42");
            changed.reset();
        },
        progress);
    with_servers(data, [&](Supervisor&) -> Task<> { EXPECT_EQ(co_await ask(data.path(), read), "42"); });
    EXPECT_EQ(std::count_if(told.begin(), told.end(), [](const std::string& s) { return s.find("making the PostgreSQL cluster") == 0; }), 1);
}

TEST(PrivateServers, ALongDataPathMovesTheSockets) {
    const Scratch scratch;
    const DataFolder data(scratch.path / std::string(80, 'd'), service_account());
    ASSERT_NE(socket_folder(data.path()), data.records());
    put_cluster_into(data);
    with_servers(data, [&](Supervisor&) -> Task<> { EXPECT_EQ(co_await ask(data.path(), tcp), "on"); });
    std::filesystem::remove_all(socket_folder(data.path()));
}

// The worst case: the supervisor is gone at once, its servers did not get the death signal, and a pid file names a stranger.
TEST(PrivateServers, OrphansOfAKilledRunAreEndedAndAwaited) {
    const Scratch scratch;
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const auto account = service_account();
    put_cluster_into(DataFolder(scratch.path / "unused", account));  // made here, not in each copy of this process
    const pid_t killed = ::fork();
    if (killed == 0) {
        const DataFolder data(scratch.path / "data", account);
        put_cluster_into(data);
        run([&]() -> Task<> {
            const Executor io = co_await asio::this_coro::executor;
            PrivatePostgres postgresql(data);
            co_await postgresql.prepare(silence, {{"fsync", "off"}});
            ChildSpec spec = postgresql.child();
            spec.stop_signal = SIGCONT;  // what it gets when we die, and what the record names: nothing ends it by itself
            Child child(io, spec, data.records());
            co_await child.ready(Deadline::after(20s));
            co_await ask(data.path(), create);
            const pid_t pid = child.pid();
            std::ignore = ::write(ends[1], &pid, sizeof pid);
            co_await child.ended();
        });
        ::_exit(1);
    }
    pid_t orphan = 0;
    ASSERT_EQ(::read(ends[0], &orphan, sizeof orphan), static_cast<ssize_t>(sizeof orphan));
    const File handle(::pidfd_open(orphan, 0));
    ::kill(killed, SIGKILL);
    ::waitpid(killed, nullptr, 0);
    pollfd still{handle.get(), POLLIN, 0};
    ASSERT_EQ(::poll(&still, 1, 0), 0) << "the orphan must still run here";

    const DataFolder data(scratch.path / "data", account);
    std::filesystem::remove(data.records() / "postgresql.pid");  // not even a record: it is found by what it works on
    std::vector<std::string> told;
    with_servers(
        data, [&](Supervisor&) -> Task<> { EXPECT_EQ(co_await ask(data.path(), read), "42"); },
        [&](const std::string& step) { told.push_back(step); });
    EXPECT_EQ(::poll(&still, 1, 0), 1);
    EXPECT_THAT(told, testing::Contains("ended PostgreSQL of the run before"));
    ::close(ends[0]);
    ::close(ends[1]);
}

TEST(PrivateServers, ASupervisorThatBecameTheAccountNeedsNoRoot) {
    if (::geteuid() != 0) GTEST_SKIP() << "only root has something to drop";
    const Scratch scratch;
    put_cluster_into(DataFolder(scratch.path / "unused", service_account()));
    const pid_t supervisor = ::fork();
    if (supervisor == 0) {
        const DataFolder data(scratch.path / "data", service_account());
        put_cluster_into(data);
        become(*data.account());
        std::string answer;
        with_servers(data, [&](Supervisor&) -> Task<> { answer = co_await ask(data.path(), tcp); });
        ::_exit(answer == "on" ? 0 : 1);
    }
    int status = 0;
    ::waitpid(supervisor, &status, 0);
    EXPECT_EQ(status, 0);
}

TEST(PrivateServers, APidFileThatNamesAStrangerStopsNobody) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    put_cluster_into(data);
    std::ofstream(data.path() / "postgres" / "postmaster.pid") << ::getppid() << "\n" << (data.path() / "postgres").string() << "\n";
    with_servers(data, [&](Supervisor&) -> Task<> { EXPECT_EQ(co_await ask(data.path(), tcp), "on"); });
}

TEST(PrivateServers, AHalfMadeClusterIsMadeAnew) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    std::filesystem::create_directory(data.path() / "postgres.new");
    std::ofstream(data.path() / "postgres.new" / "PG_VERSION") << "15\n";
    with_servers(data, [&](Supervisor&) -> Task<> { EXPECT_EQ(co_await ask(data.path(), tcp), "on"); });
    EXPECT_FALSE(std::filesystem::exists(data.path() / "postgres.new"));
}

TEST(PrivateServers, AClusterOfAnotherVersionIsLeftAlone) {
    const Scratch scratch;
    const DataFolder data(scratch.path / "data", service_account());
    std::filesystem::create_directory(data.path() / "postgres");
    std::ofstream(data.path() / "postgres" / "PG_VERSION") << "13\n";
    std::string message;
    try {
        with_servers(data, [](Supervisor&) -> Task<> { co_return; });
    } catch (const BadConfig& e) { message = e.what(); }
    EXPECT_THAT(message, HasSubstr("cluster of PostgreSQL 13"));
}

TEST(Orphans, ARecordedProcessIsEndedAndAReusedPidIsNot) {
    const Scratch scratch;
    const pid_t sleeper = launch({.command = {"/bin/sleep", "1000"}, .environment = {}, .account = service_account()});
    const uid_t owner = owner_of(sleeper);
    write_record(scratch.path / "sleeper.pid", sleeper, SIGTERM);
    const pid_t stranger = launch({.command = {"/bin/sleep", "1000"}, .environment = {}, .account = service_account()});
    std::ofstream(scratch.path / "stranger.pid") << stranger << " 1 15\n";
    std::ofstream(scratch.path / "broken.pid") << "what\n";
    run([&]() -> Task<> { EXPECT_EQ(co_await end_orphans(scratch.path, owner, Millis(10'000), silence), 1); });
    int status = 0;
    EXPECT_EQ(::waitpid(sleeper, &status, 0), sleeper);
    EXPECT_EQ(WTERMSIG(status), SIGTERM);
    EXPECT_EQ(::waitpid(stranger, &status, WNOHANG), 0) << "it was somebody else's pid";
    write_record(scratch.path / "stranger.pid", stranger, SIGTERM);
    run([&]() -> Task<> { EXPECT_EQ(co_await end_orphans(scratch.path, owner + 1, Millis(10'000), silence), 0) << "of another user"; });
    EXPECT_EQ(::waitpid(stranger, &status, WNOHANG), 0);
    EXPECT_TRUE(std::filesystem::is_empty(scratch.path));
    ::kill(stranger, SIGKILL);
    ::waitpid(stranger, nullptr, 0);
}

}  // namespace persona::ops

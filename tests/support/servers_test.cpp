#include "support/servers.hpp"

#include <gtest/gtest.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <thread>

#include "support/server_process.hpp"

namespace persona::test {
namespace {

using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;

Session connect(const std::string& dsn) { return {PQconnectdb(dsn.c_str()), PQfinish}; }

std::string ask(const Session& session, const char* sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQexec(session.get(), sql), PQclear);
    return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : PQresultErrorMessage(answer.get());
}

}  // namespace

TEST(Servers, EachDatabaseIsOnesOwnAndMigrated) {
    const Session first = connect(postgres_dsn()), second = connect(postgres_dsn()), empty = connect(empty_postgres_dsn());
    EXPECT_EQ(ask(first, "SELECT to_regclass('schema_migrations')"), "schema_migrations");
    ask(first, "CREATE TABLE only_here()");
    EXPECT_EQ(ask(second, "SELECT to_regclass('only_here')"), "");
    EXPECT_EQ(ask(empty, "SELECT to_regclass('schema_migrations')"), "");
}

TEST(Servers, PostgresKeepsCommitsThroughKillDashNine) {
    const std::string dsn = postgres_dsn();
    const Session before = connect(dsn);
    ask(before, "CREATE TABLE kept AS SELECT 42 AS answer");
    postgres_kill();
    EXPECT_EQ(PQstatus(connect(dsn).get()), CONNECTION_BAD);
    postgres_start();
    EXPECT_EQ(ask(connect(dsn), "SELECT answer FROM kept"), "42");
}

TEST(Servers, PostgresStopsWithSessionsOpen) {
    const std::string dsn = postgres_dsn();
    const Session open = connect(dsn);
    postgres_stop();
    EXPECT_EQ(PQstatus(connect(dsn).get()), CONNECTION_BAD);
    EXPECT_EQ(PQstatus(connect(postgres_dsn()).get()), CONNECTION_OK) << "asking for a database starts the server again";
}

TEST(Servers, ServersDoNotRunAsRoot) {
    struct stat info{};
    ASSERT_EQ(::stat(redis_socket().c_str(), &info), 0);
    EXPECT_NE(info.st_uid, 0u);
    EXPECT_EQ(info.st_uid, server_account().uid);
}

TEST(Servers, RedisComesBackAfterKillDashNine) {
    redis_flush();
    redis_kill();
    EXPECT_ANY_THROW(redis_flush());
    redis_start();
    redis_flush();
    EXPECT_NE(redis_database(), redis_database());
}

TEST(Servers, AServerThatCannotStartSaysWhy) {
    try {
        run_to_end({"/usr/lib/postgresql/15/bin/postgres", "-D", "/nowhere"}, std::filesystem::path(redis_socket()).parent_path() / "bad.log");
        FAIL() << "started without a data folder";
    } catch (const std::exception& e) { EXPECT_NE(std::string(e.what()).find("/nowhere"), std::string::npos) << e.what(); }
}

// The guard must work when nothing of ours can: the child is killed without a chance to clean up.
TEST(Servers, NothingIsLeftOfAKilledProgram) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        const std::string folder = guarded_folder().string();
        std::ignore = ::write(ends[1], folder.data(), folder.size());
        ::pause();
    }
    char name[200];
    const auto size = ::read(ends[0], name, sizeof name);
    const std::filesystem::path folder(std::string(name, static_cast<std::size_t>(size)));
    ASSERT_TRUE(std::filesystem::exists(folder));
    const int watch = ::inotify_init1(IN_CLOEXEC);
    ::inotify_add_watch(watch, folder.c_str(), IN_DELETE_SELF);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    pollfd gone{watch, POLLIN, 0};
    EXPECT_EQ(::poll(&gone, 1, 20000), 1);
    EXPECT_FALSE(std::filesystem::exists(folder));
    for (const int fd : {watch, ends[0], ends[1]}) ::close(fd);
}

}  // namespace persona::test

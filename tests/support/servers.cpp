#include "support/servers.hpp"

#include <libpq-fe.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "base/secret.hpp"
#include "postgres/migrations.hpp"
#include "support/server_process.hpp"

namespace persona::test {
namespace {

namespace fs = std::filesystem;
constexpr const char* postgres_bin = "/usr/lib/postgresql/15/bin/";
constexpr int redis_databases = 1001;

const fs::path& folder() {
    static const fs::path path = guarded_folder();
    return path;
}

std::string dsn_of(const std::string& database) { return "postgresql://persona@/" + database + "?host=" + folder().string(); }

void execute(const std::string& database, const std::string& sql) {
    const std::unique_ptr<PGconn, decltype(&PQfinish)> session(PQconnectdb(dsn_of(database).c_str()), PQfinish);
    const std::unique_ptr<PGresult, decltype(&PQclear)> answer(PQexec(session.get(), sql.c_str()), PQclear);
    if (PQresultStatus(answer.get()) != PGRES_COMMAND_OK) throw Error(sql + ": " + PQerrorMessage(session.get()));
}

// Durable against a crash of the server, not against one of the machine: a test outlives neither.
std::vector<std::string> postgres_command() {
    std::vector<std::string> command{std::string(postgres_bin) + "postgres", "-D", (folder() / "postgres").string()};
    for (const char* setting : {"listen_addresses=", "unix_socket_permissions=0777", "fsync=off", "full_page_writes=off", "max_connections=200",
                                "shared_buffers=64MB", "max_wal_size=256MB", "autovacuum=off", "jit=off", "logging_collector=off"}) {
        command.insert(command.end(), {"-c", setting});
    }
    command.insert(command.end(), {"-c", "unix_socket_directories=" + folder().string()});
    return command;
}

ServerProcess start_postgres() {
    run_to_end({std::string(postgres_bin) + "initdb", "-D", (folder() / "postgres").string(), "-U", "persona", "-A", "trust", "-E", "UTF8",
                "--locale=C.UTF-8", "--no-sync", "--no-instructions"},
               folder() / "initdb.log");
    ServerProcess server("postgresql", postgres_command(), folder());
    server.start();
    return server;
}

ServerProcess& postgres() {
    static ServerProcess server = start_postgres();
    return server;
}

std::string new_database(const char* source) {
    static int last = 0;
    const std::string name = "test_" + std::to_string(++last);
    execute("postgres", "CREATE DATABASE " + name + " TEMPLATE " + source);
    return dsn_of(name);
}

std::string redis_path() { return (folder() / "redis.sock").string(); }

ServerProcess start_redis() {
    ServerProcess server("redis",
                         {"/usr/bin/redis-server",
                          "--port",
                          "0",
                          "--unixsocket",
                          redis_path(),
                          "--unixsocketperm",
                          "777",
                          "--save",
                          "",
                          "--appendonly",
                          "no",
                          "--databases",
                          std::to_string(redis_databases),
                          "--supervised",
                          "systemd",
                          "--pidfile",
                          (folder() / "redis.pid").string(),
                          "--dir",
                          folder().string(),
                          "--enable-debug-command",
                          "yes"},
                         folder());
    server.start();
    return server;
}

ServerProcess& redis() {
    static ServerProcess server = start_redis();
    return server;
}

}  // namespace

std::string postgres_dsn() {
    postgres().start();
    static const bool made = [] {
        execute("postgres", "CREATE DATABASE persona_template");
        persona::postgres::migrate(Secret(dsn_of("persona_template")));
        return true;
    }();
    PERSONA_ASSERT(made);
    return new_database("persona_template");
}

std::string empty_postgres_dsn() {
    postgres().start();
    return new_database("template0");
}

void postgres_kill() { postgres().end(SIGKILL); }
void postgres_stop() { postgres().end(SIGINT); }  // "fast": sessions are ended, not waited for
void postgres_start() { postgres().start(); }

std::string redis_socket() {
    redis();
    return redis_path();
}

int redis_database() {
    static int last = 0;
    PERSONA_ASSERT(last + 1 < redis_databases);
    return ++last;
}

void redis_flush() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, redis_socket().c_str(), sizeof address.sun_path - 1);
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const std::string_view command = "FLUSHALL\r\n";
    char answer[5] = {};
    const bool done = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                      ::send(fd, command.data(), command.size(), 0) == static_cast<ssize_t>(command.size()) &&
                      ::recv(fd, answer, 5, MSG_WAITALL) == 5;
    ::close(fd);
    if (!done || std::string_view(answer, 3) != "+OK") throw Error("FLUSHALL failed");
}

void redis_kill() { redis().end(SIGKILL); }
void redis_stop() { redis().end(SIGTERM); }
void redis_start() { redis().start(); }

}  // namespace persona::test

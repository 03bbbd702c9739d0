#include "ops/supervise/private_postgres.hpp"

#include <pwd.h>

#include <fstream>

#include "base/error.hpp"

namespace persona::ops {
namespace {

namespace fs = std::filesystem;
const fs::path programs = "/usr/lib/postgresql/15/bin";
constexpr const char* version = "15";
constexpr Millis orphan_patience{20'000};  // a fast shutdown writes its checkpoint first

// Sized for the small machine Persona is made for; everything here may be overridden in DATA/postgres.conf.
const std::vector<std::pair<std::string, std::string>> settings{
    {"listen_addresses", ""},  // never TCP
    {"port", "5432"},          // only names the socket
    {"unix_socket_permissions", "0700"},
    {"max_connections", "100"},
    {"shared_buffers", "128MB"},
    {"effective_cache_size", "1GB"},
    {"work_mem", "8MB"},
    {"maintenance_work_mem", "64MB"},
    {"max_wal_size", "1GB"},
    {"recovery_init_sync_method", "syncfs"},  // a start after a crash would sync every file by itself
    {"wal_compression", "on"},
    {"checkpoint_completion_target", "0.9"},
    {"random_page_cost", "1.1"},
    {"jit", "off"},  // queries here are short
    {"timezone", "UTC"},
    {"log_timezone", "UTC"},
    {"logging_collector", "off"},  // stderr is the supervisor's log file
    {"log_line_prefix", "%m [%p] "},
    {"log_checkpoints", "off"},
    {"log_parameter_max_length", "0"},  // parameters are people's data
    {"log_parameter_max_length_on_error", "0"},
};

std::string quoted(const std::string& value) {
    std::string out = "'";
    for (const char c : value) out += c == '\'' ? "''" : std::string(1, c);
    return out + "'";
}

std::string user_name(uid_t uid) {
    const passwd* user = ::getpwuid(uid);
    if (!user) throw BadConfig("the user " + std::to_string(uid) + " has no name in /etc/passwd");
    return user->pw_name;
}

void write(const fs::path& path, const std::string& text, const std::optional<Account>& account) {
    const fs::path fresh = path.string() + ".new";
    {
        File file = File::open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
        if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
            (account && ::fchown(file.get(), account->uid, account->gid) != 0))
            throw Error(path.string() + ": " + std::strerror(errno));
    }
    fs::rename(fresh, path);
}

}  // namespace

std::string PrivatePostgres::dsn(const fs::path& data) { return "postgresql://persona@/persona?host=" + socket_folder(data).string(); }

// initdb and the single-user server end by themselves.
Task<void> PrivatePostgres::run(std::string step, std::vector<std::string> command, fs::path input) {
    const fs::path log = data_.logs() / "initdb.log";
    ChildSpec spec{.name = "initdb",
                   .launch = {.command = std::move(command),
                              .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"},
                              .account = data_.account(),
                              .input = std::move(input),
                              .log = log}};
    Child child(co_await asio::this_coro::executor, std::move(spec), data_.records());
    const Exit exit = co_await child.ended();
    if (!exit.clean()) throw Error(step + " failed (" + exit.text() + "): " + tail(log));
}

// Made beside its place and moved there when it is whole: a kill in the middle leaves nothing that looks like a cluster.
Task<void> PrivatePostgres::make_cluster() {
    const fs::path fresh = data_.path() / "postgres.new", create = data_.records() / "create.sql";
    fs::remove_all(fresh);
    fs::remove(data_.logs() / "initdb.log");
    fs::create_directory(fresh);
    give_to(data_.account(), fresh);
    co_await run("initdb", {programs / "initdb", "-D", fresh, "-U", "persona", "--auth=peer", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums",
                            "--no-instructions"});
    write(create, "CREATE DATABASE persona;\n", data_.account());
    co_await run("creating the database", {programs / "postgres", "--single", "-c", "fsync=off", "-D", fresh, "postgres"}, create);
    fs::remove(create);
    // Once for all of it: a sync of each of a thousand files takes many seconds on a slow disk.
    if (::syncfs(File::open(fresh, O_RDONLY | O_DIRECTORY).get()) != 0) throw Error(fresh.string() + ": " + std::strerror(errno));
    fs::rename(fresh, folder());
}

void PrivatePostgres::write_settings(const std::vector<std::pair<std::string, std::string>>& extra) const {
    std::string text =
        "# Written by `persona up` at each start. Settings of your own belong into " + (data_.path() / "postgres.conf").string() + "\n";
    for (const auto* list : {&settings, &extra})
        for (const auto& [name, value] : *list) text += name + " = " + quoted(value) + "\n";
    text += "unix_socket_directories = " + quoted(socket_folder(data_.path()).string()) + "\n";
    text += "include_if_exists = " + quoted((data_.path() / "postgres.conf").string()) + "\n";
    write(folder() / "postgresql.conf", text, data_.account());
    write(folder() / "pg_hba.conf", "local all persona peer map=owner\nlocal replication persona peer map=owner\n", data_.account());
    const std::string owner = '"' + user_name(data_.owner()) + '"';
    write(folder() / "pg_ident.conf", "owner root persona\nowner " + owner + " persona\n", data_.account());
}

Task<void> PrivatePostgres::prepare(Progress progress, std::vector<std::pair<std::string, std::string>> extra) {
    if (!fs::exists(programs / "postgres")) throw BadConfig("PostgreSQL 15 is not installed: apt-get install postgresql-15, or set DATABASE_URL");
    if (co_await end_programs_in(folder(), data_.owner(), "postgres", orphan_patience) > 0) progress("ended PostgreSQL of the run before");
    if (!fs::exists(folder())) {
        progress("making the PostgreSQL cluster in " + folder().string());
        co_await make_cluster();
    }
    std::string found;
    std::ifstream(folder() / "PG_VERSION") >> found;
    if (found != version) throw BadConfig(folder().string() + " is a cluster of PostgreSQL " + found + ", not " + version);
    // Nothing runs on the cluster any more. A left-over file could name a pid that is somebody else's by now (always so in a
    // restarted container), and PostgreSQL would refuse to start.
    fs::remove(folder() / "postmaster.pid");
    make_socket_folder(data_);
    write_settings(extra);
}

ChildSpec PrivatePostgres::child() const {
    return {.name = "postgresql",
            .launch = {.command = {programs / "postgres", "-D", folder()},
                       .environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"},
                       .account = data_.account(),
                       .log = data_.logs() / "postgresql.log"},
            .says_ready = true,
            .stop_signal = SIGINT,  // "fast": sessions are ended, not waited for
            .patience = Millis(60'000)};
}

}  // namespace persona::ops

#include "app/up.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>

#include "app/foundation.hpp"
#include "app/models.hpp"
#include "app/speech_engines.hpp"
#include "bot/turn.hpp"
#include "ops/supervise/private_postgres.hpp"
#include "ops/supervise/private_redis.hpp"
#include "ops/supervise/supervisor.hpp"
#include "ops/supervise/within_reach.hpp"

namespace persona::app {
namespace {

namespace fs = std::filesystem;

constexpr auto orphan_patience = 20s;
constexpr int worker_nice = 10;  // transcription never slows an answer down

void say(const std::string& line) { std::cout << line << "\n" << std::flush; }

// A token of the right shape for the sandbox, made once: chats and ids stay over restarts.
std::string sandbox_token(const fs::path& data) {
    const fs::path file = data / "sandbox.token";
    if (!fs::exists(file)) {
        const std::string token = "100000001:" + to_hex(random_bytes(18)).substr(0, 35);
        const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (fd < 0 || ::write(fd, token.data(), token.size()) != static_cast<ssize_t>(token.size())) throw Error("cannot write " + file.string());
        ::close(fd);
    }
    std::string token(64, '\0');
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd < 0 ? -1 : ::read(fd, token.data(), token.size());
    if (fd >= 0) ::close(fd);
    if (size <= 0) throw Error("cannot read " + file.string());
    token.resize(static_cast<std::size_t>(size));
    return token;
}

struct Programs {
    fs::path persona, sandbox, chat_page, models;
};

// The pages lie beside an installed program, or in the checkout that the build folder is in.
fs::path pages_of(const fs::path& programs) {
    for (const fs::path& candidate : {programs / "pages", programs / "../share/persona/pages", programs / "../../pages/dist"})
        if (fs::exists(candidate)) return fs::weakly_canonical(candidate);
    return {};
}

std::vector<std::string> entries_of(const fs::path& folder) {
    std::vector<std::string> out;
    if (fs::is_directory(folder))
        for (const auto& entry : fs::directory_iterator(folder)) out.push_back(entry.path().filename());
    return out;
}

// Where the processes' account can run and read them.
Programs programs_for(const ops::DataFolder& data, const fs::path& models) {
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path(), pages = pages_of(here);
    const fs::path there = ops::within_reach(data, here, {"persona", "persona-decoder", "persona-picture", "persona-sandbox"}, "program");
    Programs out{there / "persona", there / "persona-sandbox", {}, {}};
    if (!pages.empty()) out.chat_page = ops::within_reach(data, pages, entries_of(pages), "pages") / "chat";
    if (fs::is_directory(models)) out.models = ops::within_reach(data, models, entries_of(models), "models");
    return out;
}

class Installation {
public:
    Installation(const Settings& settings, Executor executor)
        : settings_(settings),
          account_(ops::service_account()),
          data_(data_folder(settings), account_),
          executor_(executor),
          supervisor_(executor, data_.records(), say) {}

    Task<void> run() {
        asio::signal_set signals(executor_, SIGINT, SIGTERM);
        std::exception_ptr fault;
        try {
            co_await start();
            tell();
            co_await wait(signals);
        } catch (...) { fault = std::current_exception(); }
        // A second Ctrl-C must not interrupt the draining: the set stays until the end.
        co_await supervisor_.stop();
        if (fault) std::rethrow_exception(fault);
        say("Stopped. Everything is kept in " + data_.path().string() + "; start again with the same command.");
    }

private:
    bool sandboxed() const { return !settings_.is_set("telegram.token"); }

    Task<void> start() {
        say("Persona in " + data_.path().string() + (account_ ? " as the system user " + account_->name : ""));
        // What a killed run left still drains: it holds ports and locks that the new one needs.
        co_await ops::end_orphans(data_.records(), data_.owner(), orphan_patience, say);
        make_key();
        programs_ = programs_for(data_, model_paths(settings_).folder);
        if (!settings_.is_set("database.url") && !settings_.is_set("postgres.host")) co_await start_postgres();
        if (!settings_.is_set("redis.url") && !settings_.is_set("redis.host")) co_await start_redis();
        if (sandboxed()) co_await start_sandbox();
        co_await start_program("bot", {"serve", "--roles", "bot,api,sender,scheduler"}, 0);
        co_await start_program("worker", {"serve", "--roles", "worker"}, worker_nice);
    }

    void make_key() {
        const fs::path file = master_key_file(settings_);
        if (settings_.is_set("master_key_file")) return;
        fs::create_directories(file.parent_path());
        const bool made = vault::Keyring::make_file(file);
        ops::give_to(account_, file.parent_path());
        if (account_ && ::lchown(file.c_str(), account_->uid, account_->gid) != 0) throw Error("cannot give away " + file.string());
        if (made) say("Made the master key " + file.string() + ": copy it to a safe place, without it nothing can be read.");
    }

    Task<void> start_postgres() {
        ops::PrivatePostgres postgres(data_);
        co_await postgres.prepare(say);
        co_await supervisor_.start(postgres.child());
    }

    Task<void> start_redis() {
        ops::PrivateRedis redis(data_);
        co_await redis.prepare();
        co_await supervisor_.start(redis.child());
    }

    Task<void> start_sandbox() {
        fs::create_directories(data_.path() / "sandbox");
        ops::give_to(account_, data_.path() / "sandbox");
        ops::ChildSpec spec{.name = "sandbox",
                            .launch = {.command = {programs_.sandbox.string(), "--listen", settings_.text("sandbox"), "--data",
                                                   (data_.path() / "sandbox").string(), "--pages", programs_.chat_page.string()},
                                       .environment = ops::environment_with({}),
                                       .account = account_,
                                       .log = data_.logs() / "sandbox.log"},
                            .says_ready = true};
        co_await supervisor_.start(std::move(spec));
    }

    Task<void> start_program(const char* name, std::vector<std::string> arguments, int nice) {
        std::vector<std::string> command{programs_.persona.string()};
        command.insert(command.end(), arguments.begin(), arguments.end());
        ops::ChildSpec spec{.name = name,
                            .launch = {.command = std::move(command),
                                       .environment = environment(name),
                                       .account = account_,
                                       .log = data_.logs() / (std::string(name) + ".out"),
                                       .nice = nice},
                            .says_ready = true,
                            .patience = 25s};
        co_await supervisor_.start(std::move(spec));
    }

    std::vector<std::string> environment(const std::string& name) const {
        std::vector<std::pair<std::string, std::string>> out{{"PERSONA_DATA", data_.path().string()},
                                                             {"PERSONA_HTTP", settings_.text("http")},
                                                             {"PERSONA_LOG_FILE", (data_.logs() / (name + ".json")).string()}};
        if (!programs_.models.empty()) out.emplace_back("PERSONA_MODELS", programs_.models.string());
        if (sandboxed()) {
            out.emplace_back("TELEGRAM_TOKEN", sandbox_token(data_.path()));
            out.emplace_back("TELEGRAM_API_URL", "http://" + settings_.text("sandbox"));
        }
        return ops::environment_with(out);
    }

    void tell() const {
        say("");
        say("Persona is ready.");
        if (sandboxed())
            say("  Talk to it:       http://" + settings_.text("sandbox") + "/   (no TELEGRAM_TOKEN: a Telegram for this machine)");
        else
            say("  Talk to it in Telegram.");
        say("  Health:           http://" + settings_.text("http") + "/readyz");
        say("  Languages heard:  " + bot::language_names(heard_languages(settings_), bot::Language::en));
        say("  Master key:       " + master_key_file(settings_).string() + "   (keep a copy elsewhere)");
        say("  Logs:             " + data_.logs().string());
        say("Ctrl-C stops it in order.");
    }

    // A signal, or a child that failed too often.
    Task<void> wait(asio::signal_set& signals) {
        auto [order, signal_error, signal, failure, failed] =
            co_await asio::experimental::make_parallel_group(signals.async_wait(asio::deferred),
                                                             asio::co_spawn(executor_, supervisor_.given_up(), asio::deferred))
                .async_wait(asio::experimental::wait_for_one(), asio::use_awaitable);
        if (order[0] == 1 && !failure) throw Error(failed + " ended too often; see " + data_.logs().string());
        say("\nStopping: no new work is taken, running work is finished or kept for the next start…");
    }

    const Settings& settings_;
    std::optional<ops::Account> account_;
    ops::DataFolder data_;
    Executor executor_;
    ops::Supervisor supervisor_;
    Programs programs_;
};

}  // namespace

int up(const Settings& settings) {
    if (settings.is_set("telegram.token")) (void)api_config(settings);  // a bad token is told before anything is started
    asio::io_context io(1);
    Installation installation(settings, io.get_executor());
    std::exception_ptr error;
    asio::co_spawn(io, installation.run(), [&](std::exception_ptr e) { error = e; });
    io.run();
    if (error) std::rethrow_exception(error);
    return 0;
}

}  // namespace persona::app

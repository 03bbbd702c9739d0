// The command line of Persona. Exit status 0 only on success; every command tells what to do next when it fails.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <iostream>

#include "app/command_line.hpp"
#include "app/commands.hpp"
#include "app/serve.hpp"
#include "app/up.hpp"
#include "base/error.hpp"
#include "base/log.hpp"

namespace persona::app {
namespace {

void start_log(const Settings& settings) {
    static const std::map<std::string, Level> levels{{"debug", Level::debug}, {"info", Level::info}, {"warn", Level::warn}, {"error", Level::error}};
    log_start({.level = levels.at(settings.text("log.level")), .file = settings.text("log.file")});
}

// Keys and people's words live in this process's memory: no core file, and nobody of our own account reads it.
void keep_memory_private() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);  // a limit alone does not hold where cores are piped to a program (core(5))
}

// What a person at a terminal sees of an exception: redacted, with the place to look.
int told(const std::exception& e) {
    std::cerr << "persona: " << redact(e.what()) << "\n";
    return 1;
}

int main(int argc, char** argv) {
    CLI::App cli("Persona: a self-hosted Telegram studio");
    cli.require_subcommand(1);
    std::map<std::string, std::string> flags;
    cli.add_option_function<std::string>("--data", [&](const std::string& v) { flags["data"] = v; }, "data folder (PERSONA_DATA)");
    cli.add_option_function<std::string>("--http", [&](const std::string& v) { flags["http"] = v; }, "address of the HTTP server (PERSONA_HTTP)");
    std::function<int()> command;
    const auto on = [&](CLI::App* sub, std::function<int()> run) { sub->callback([&command, run = std::move(run)] { command = run; }); };

    on(cli.add_subcommand("up", "run everything on this machine: servers, bot, worker and, without a token, the sandbox"),
       [&] { return up(load_settings(flags)); });

    auto* serve_cli = cli.add_subcommand("serve", "run one process");
    std::string roles = "bot,api,sender,scheduler,worker";
    serve_cli->add_option("--roles", roles, "what it does")->capture_default_str();
    on(serve_cli, [&] {
        const Settings settings = load_settings(flags);
        start_log(settings);
        return serve(settings, roles_from(roles));
    });

    bool json = false;
    const auto group = [&](const char* name, const char* help) {
        auto* sub = cli.add_subcommand(name, help);
        sub->require_subcommand(1);
        return sub;
    };
    const auto leaf = [&](CLI::App* parent, const char* name, const char* help, int (*run)(const Settings&, bool)) {
        auto* sub = parent->add_subcommand(name, help);
        sub->add_flag("--json", json, "for a script");
        on(sub, [&flags, &json, run] { return run(load_settings(flags), json); });
    };
    leaf(group("config", "settings"), "show", "every setting, its value and where it comes from; secrets are not shown", config_show);
    auto* db = group("db", "the database");
    leaf(db, "migrate", "bring the schema up to date", db_migrate);
    leaf(db, "status", "whether the schema is up to date", db_status);
    auto* wallet = group("wallet", "coins");
    leaf(wallet, "verify", "check every rule of the whole ledger", wallet_verify);
    const CommandLine line{[&flags] { return load_settings(flags); }, on};
    add_wallet_commands(*wallet, line);
    add_payments_commands(*group("payments", "coins for money"), line);
    add_promo_commands(*group("promo", "promo codes"), line);
    add_report_commands(*group("report", "figures of days, from the ledger"), line);
    leaf(group("audit", "the audit log"), "verify", "check the chain of hashes", audit_verify);
    leaf(&cli, "doctor", "look at everything Persona needs and say what is wrong", doctor);

    CLI11_PARSE(cli, argc, argv);
    return command();
}

}  // namespace
}  // namespace persona::app

int main(int argc, char** argv) {
    persona::app::keep_memory_private();
    try {
        const int status = persona::app::main(argc, argv);
        persona::log_stop();
        return status;
    } catch (const std::exception& e) {
        persona::log_stop();
        return persona::app::told(e);
    }
}

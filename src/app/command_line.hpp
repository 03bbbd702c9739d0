// What a group of commands needs to join the command line.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "base/settings.hpp"

namespace persona::app {

struct CommandLine {
    std::function<Settings()> settings;                               // read when the command runs
    std::function<void(CLI::App* command, std::function<int()>)> on;  // what it does; gives the exit status
};

void add_wallet_commands(CLI::App& wallet, const CommandLine& line);  // credit, debit, show
// reconcile, alerts, resolve, refund: 0 only where everything was done and nothing is left to look at.
void add_payments_commands(CLI::App& payments, const CommandLine& line);
void add_promo_commands(CLI::App& promo, const CommandLine& line);    // create, list, disable
void add_report_commands(CLI::App& report, const CommandLine& line);  // transactions, revenue, users, usage

// Who sits at the terminal, for the audit log: the name given, else that of the account that is logged in, behind sudo too.
std::string actor_of(const std::string& given);

}  // namespace persona::app

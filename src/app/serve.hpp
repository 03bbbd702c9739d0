// `persona serve`: one process with some or all roles, from its first connection to its last drained job.
#pragma once

#include <set>
#include <string>

#include "app/settings_table.hpp"
#include "async/task.hpp"

namespace persona::app {

// bot: takes updates. api: HTTP. sender: the outbox. scheduler: sweeps. worker: runs jobs.
using Roles = std::set<std::string>;
const Roles& all_roles();
// "bot,api"; throws BadConfig on an unknown one.
Roles roles_from(const std::string& text);

// Blocking; returns the exit status: 0 after a drained SIGTERM or SIGINT. Errors that end the start are thrown.
int serve(const Settings& settings, const Roles& roles);

}  // namespace persona::app

// For commands that do one thing against the database and end.
#pragma once

#include <functional>

#include "app/settings_table.hpp"
#include "postgres/pool.hpp"
#include "vault/vault.hpp"

namespace persona::app {

// Runs the task on a pool of one connection; gives what it gives: the exit status.
int at_database(const Settings& settings, std::function<Task<int>(postgres::Pool&)> body);
// The same with the vault opened: for what reads or writes anything sealed.
int at_vault(const Settings& settings, std::function<Task<int>(postgres::Pool&, vault::Vault&)> body);

}  // namespace persona::app

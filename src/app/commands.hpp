// The short commands of the operator. Each prints to stdout, for a script with json, and returns the exit status.
#pragma once

#include "base/settings.hpp"

namespace persona::app {

int config_show(const Settings& settings, bool json);
int db_migrate(const Settings& settings, bool json);
int db_status(const Settings& settings, bool json);
int wallet_verify(const Settings& settings, bool json);
int audit_verify(const Settings& settings, bool json);
// Checks everything that a start needs, goes on after a fault, and ends with what to do.
int doctor(const Settings& settings, bool json);

}  // namespace persona::app

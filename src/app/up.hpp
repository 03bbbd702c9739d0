// `persona up`: everything on this machine, from an empty folder to a page one can open.
#pragma once

#include "base/settings.hpp"

namespace persona::app {

// Blocking; says what it does on stdout; ends with 0 after SIGINT or SIGTERM when everything was drained.
int up(const Settings& settings);

}  // namespace persona::app

// `persona payments …`: what an operator does about money from outside. Each prints to stdout, for a script with json, and returns the
// exit status: 0 only where everything was done and nothing is left to look at.
#pragma once

#include <string>

#include "base/settings.hpp"

namespace persona::app {

// provider: "stars", "yookassa", or empty for all that are configured. 1 where a list differs in a way that needs an operator.
int payments_reconcile(const Settings& settings, const std::string& provider, int days, bool json);
// The unresolved ones, oldest first.
int payments_alerts(const Settings& settings, bool json);
int payments_resolve(const Settings& settings, std::int64_t alert);
int payments_refund(const Settings& settings, const std::string& provider, const std::string& charge, bool json);

}  // namespace persona::app

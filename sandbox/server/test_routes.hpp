// /sandbox/…: what only tests ask for: waiting for the bot, the recorded calls, faults, limits; and the stream of events.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "sandbox/server/station.hpp"

namespace persona::sandbox {

std::vector<http::Route> test_routes(Station& station);

}  // namespace persona::sandbox

// /sandbox/…: the people's side, for the page and for tests. The list of endpoints is in sandbox/README.md.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "sandbox/server/station.hpp"

namespace persona::sandbox {

std::vector<http::Route> people_routes(Station& station);

}  // namespace persona::sandbox

// /bot<token>/METHOD and /file/bot<token>/<path>, as api.telegram.org serves them.
#pragma once

#include <vector>

#include "http/router.hpp"
#include "sandbox/server/station.hpp"

namespace persona::sandbox {

std::vector<http::Route> bot_routes(Station& station);

}  // namespace persona::sandbox

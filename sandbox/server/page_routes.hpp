// The chat page: the files that Vite built, at /.
#pragma once

#include <filesystem>
#include <vector>

#include "http/router.hpp"

namespace persona::sandbox {

// folder: pages/dist/chat; where it is missing, / says how to build it.
std::vector<http::Route> page_routes(std::filesystem::path folder);

}  // namespace persona::sandbox

// Where tests find what is not compiled into them.
#pragma once

#include <filesystem>

namespace persona::places {

std::filesystem::path data();      // tests/data of the checkout
std::filesystem::path programs();  // where this build puts persona and its programs
// PERSONA_MODELS of the environment, else the folder that the build was configured with. Tests that need models fail without them.
std::filesystem::path models();

}  // namespace persona::places

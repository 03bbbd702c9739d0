#include "support/places.hpp"

#include <cstdlib>

namespace persona::places {

std::filesystem::path data() { return PERSONA_TEST_DATA; }
std::filesystem::path programs() { return PERSONA_PROGRAMS; }
std::filesystem::path models() {
    const char* chosen = std::getenv("PERSONA_MODELS");
    return chosen ? chosen : PERSONA_MODELS;
}

}  // namespace persona::places

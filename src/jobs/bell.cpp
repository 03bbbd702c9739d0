#include "jobs/bell.hpp"

namespace persona::jobs {

void LocalBell::ring(std::string_view name) {
    const auto at = listeners_.find(name);
    if (at == listeners_.end()) return;
    for (const auto& heard : at->second) heard();
}

void LocalBell::listen(std::string name, std::function<void()> heard) { listeners_[std::move(name)].push_back(std::move(heard)); }

}  // namespace persona::jobs

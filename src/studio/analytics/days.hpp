// Days as the operator counts them: of a time zone, the last one included.
#pragma once

#include <optional>
#include <string>

#include "base/time.hpp"

namespace persona::analytics {

struct Days {
    std::string from, to;  // "2026-11-27"
    std::string zone;      // IANA name
};
// Nothing where one is no day, the zone is not known, they are the wrong way round or more than ten years.
std::optional<Days> days_of(std::string_view from, std::string_view to, const std::string& zone);

// The day that it is there at `now`.
std::string day_of(Time now, const std::string& zone);
// The first moment of a day there; nothing as above.
std::optional<Time> beginning_of(std::string_view day, const std::string& zone);
std::optional<std::string> day_after(std::string_view day);

}  // namespace persona::analytics

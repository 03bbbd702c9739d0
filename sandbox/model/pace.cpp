#include "sandbox/model/pace.hpp"

#include <algorithm>

namespace persona::sandbox {
namespace {

Micros seconds(double value) { return Micros(static_cast<std::int64_t>(value * 1e6)); }

// The time of the next send after this one is counted; nothing where it must wait until `free`.
std::optional<Time> counted(const Rule& rule, Time theoretical, Time now, Time& free) {
    if (rule.burst <= 0) return theoretical;
    const auto interval = seconds(1 / rule.per_second);
    const auto tolerance = seconds((rule.burst - 1) / rule.per_second);
    free = theoretical - tolerance;
    if (free > now) return std::nullopt;
    return std::max(theoretical, now) + interval;
}

}  // namespace

std::optional<std::chrono::seconds> Pace::take(ChatId chat, Time now) {
    auto& own = theoretical_[chat.value];
    Time free{};
    const auto next = counted(chat.value < 0 ? limits_.group : limits_.chat, own, now, free);
    const auto next_all = next ? counted(limits_.all, all_, now, free) : std::nullopt;
    if (!next || !next_all) return std::max(std::chrono::ceil<std::chrono::seconds>(free - now), std::chrono::seconds(1));
    own = *next;
    all_ = *next_all;
    if (theoretical_.size() > 100'000) std::erase_if(theoretical_, [&](const auto& entry) { return entry.second < now; });
    return std::nullopt;
}

}  // namespace persona::sandbox

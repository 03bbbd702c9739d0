#include "base/coins.hpp"

#include <fmt/format.h>

namespace persona {

std::optional<Coins> Coins::parse(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view fraction = point == std::string_view::npos ? "" : text.substr(point + 1);
    if (whole.empty() || whole.size() > 16 || fraction.size() > 2 || (point != std::string_view::npos && fraction.empty())) return std::nullopt;
    std::int64_t value = 0;
    for (const char c : std::string(whole) + std::string(fraction) + std::string(2 - fraction.size(), '0')) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return Coins(negative ? -value : value);
}

std::string Coins::text() const {
    const auto magnitude = static_cast<std::uint64_t>(value_ < 0 ? -value_ : value_);
    return fmt::format("{}{}.{:02}", value_ < 0 ? "-" : "", magnitude / 100, magnitude % 100);
}

}  // namespace persona

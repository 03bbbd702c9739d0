// UUIDs as RFC 9562 has them. Ids of rows that encryption binds to are made here, before the insert.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace persona {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Uuid&, const Uuid&) = default;

    // Lower-case, 36 characters, with dashes.
    std::string text() const;
    // Accepts exactly the form of text(), in any letter case.
    static std::optional<Uuid> parse(std::string_view text);
    // Version 7: 48 bits of milliseconds, then random bits; sorts by time of making.
    static Uuid v7(Time now);
    static Uuid v7() { return v7(wall_now()); }
    // Version 5: the same namespace and name always give the same id.
    static Uuid v5(const Uuid& space, std::string_view name);
};

}  // namespace persona

template <>
struct std::hash<persona::Uuid> {
    std::size_t operator()(const persona::Uuid& id) const noexcept;
};

// Money inside Persona: a whole number of hundredths of a coin in 64 bits, numeric(18,2) in SQL. Never floating point.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace persona {

class Coins {
public:
    constexpr Coins() = default;
    static constexpr Coins hundredths(std::int64_t value) { return Coins(value); }

    // "12", "12.5", "-0.05"; at most two decimals, no exponent, no blanks, |value| <= 10^16 - 0.01. Anything else: nothing.
    static std::optional<Coins> parse(std::string_view text);

    // "12.50": always two decimals, a point, a minus sign where below zero. SQL and people read the same form.
    std::string text() const;
    constexpr std::int64_t value() const { return value_; }
    constexpr bool positive() const { return value_ > 0; }

    friend constexpr auto operator<=>(Coins, Coins) = default;
    friend constexpr Coins operator+(Coins a, Coins b) { return Coins(a.value_ + b.value_); }
    friend constexpr Coins operator-(Coins a, Coins b) { return Coins(a.value_ - b.value_); }
    friend constexpr Coins operator-(Coins a) { return Coins(-a.value_); }
    friend constexpr Coins operator*(Coins a, std::int64_t n) { return Coins(a.value_ * n); }

private:
    constexpr explicit Coins(std::int64_t value) : value_(value) {}
    std::int64_t value_ = 0;
};

}  // namespace persona

// Instants of the wall clock in UTC, as PostgreSQL's timestamptz keeps them. Zones are applied only where a person reads.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace persona {

using namespace std::chrono_literals;

// Microseconds since 1970-01-01 UTC.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Micros = std::chrono::microseconds;
using Millis = std::chrono::milliseconds;

// A source of time; passed by value to what must be tested with a clock of its own.
using Clock = std::function<Time()>;

inline Time wall_now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

// "2026-11-22T23:49:42.123456Z"
std::string to_iso(Time time);
// Accepts to_iso's form, with or without a fraction.
std::optional<Time> from_iso(std::string_view text);

}  // namespace persona

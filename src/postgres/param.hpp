// How C++ values become parameters and columns become values. Text on the wire, but for bytea parameters, which are binary.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/coins.hpp"
#include "base/ids.hpp"

namespace persona::postgres {

struct Param {
    std::optional<std::string> data;  // nothing: NULL
    bool binary = false;
};

inline Param to_param(std::nullopt_t) { return {}; }
inline Param to_param(bool value) { return {value ? "t" : "f"}; }
template <std::integral T>
    requires(!std::same_as<T, bool>)
Param to_param(T value) {
    return {std::to_string(value)};
}
inline Param to_param(std::string_view value) { return {std::string(value)}; }
inline Param to_param(const std::string& value) { return {value}; }
inline Param to_param(const char* value) { return {std::string(value)}; }
inline Param to_param(const Bytes& value) { return {std::string(value.begin(), value.end()), true}; }
inline Param to_param(const Uuid& value) { return {value.text()}; }
inline Param to_param(Time value) { return {to_iso(value)}; }
inline Param to_param(Coins value) { return {value.text()}; }
template <class Tag, class Rep>
Param to_param(const Id<Tag, Rep>& value) {
    return to_param(value.value);
}
template <class T>
Param to_param(const std::optional<T>& value) {
    return value ? to_param(*value) : Param{};
}
// Array literals; elements never need quoting here (numbers, UUIDs, our own words of [a-z_]).
template <class T>
Param to_param(const std::vector<T>& values) {
    std::string out = "{";
    for (const T& value : values) {
        if (out.size() > 1) out += ',';
        out += *to_param(value).data;
    }
    return {out + "}"};
}

// Reads a column's text; throws Error when it does not have the type's form.
template <class T>
T from_column(std::string_view text);
template <>
bool from_column<bool>(std::string_view);
template <>
std::int64_t from_column<std::int64_t>(std::string_view);
template <>
int from_column<int>(std::string_view);
template <>
std::string from_column<std::string>(std::string_view);
template <>
Bytes from_column<Bytes>(std::string_view);
template <>
Uuid from_column<Uuid>(std::string_view);
template <>
Time from_column<Time>(std::string_view);
template <>
Coins from_column<Coins>(std::string_view);

template <class T>
struct Column {
    static T read(std::string_view text) { return from_column<T>(text); }
};
template <class Tag, class Rep>
struct Column<Id<Tag, Rep>> {
    static Id<Tag, Rep> read(std::string_view text) { return Id<Tag, Rep>(from_column<Rep>(text)); }
};

}  // namespace persona::postgres

#include "postgres/param.hpp"

#include "base/error.hpp"

namespace persona::postgres {
namespace {

[[noreturn]] void unreadable(const char* type) { throw Error(std::string("a column does not read as ") + type); }

template <class T>
T integer(std::string_view text, const char* type) {
    T value{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr != text.data() + text.size()) unreadable(type);
    return value;
}

}  // namespace

template <>
bool from_column<bool>(std::string_view text) {
    if (text != "t" && text != "f") unreadable("boolean");
    return text == "t";
}
template <>
std::int64_t from_column<std::int64_t>(std::string_view text) {
    return integer<std::int64_t>(text, "bigint");
}
template <>
int from_column<int>(std::string_view text) {
    return integer<int>(text, "integer");
}
template <>
std::string from_column<std::string>(std::string_view text) {
    return std::string(text);
}
template <>
Bytes from_column<Bytes>(std::string_view text) {
    if (!text.starts_with("\\x")) unreadable("bytea");
    auto bytes = from_hex(text.substr(2));
    if (!bytes) unreadable("bytea");
    return std::move(*bytes);
}
template <>
Uuid from_column<Uuid>(std::string_view text) {
    const auto id = Uuid::parse(text);
    if (!id) unreadable("uuid");
    return *id;
}
// Sessions run with DateStyle ISO and TimeZone UTC: "2026-11-22 23:49:42.123456+00".
template <>
Time from_column<Time>(std::string_view text) {
    if (text.size() < 22 || !text.ends_with("+00")) unreadable("timestamptz");
    std::string iso(text.substr(0, text.size() - 3));
    iso[10] = 'T';
    const auto time = from_iso(iso + "Z");
    if (!time) unreadable("timestamptz");
    return *time;
}
template <>
Coins from_column<Coins>(std::string_view text) {
    const auto coins = Coins::parse(text);
    if (!coins) unreadable("numeric(18,2)");
    return *coins;
}

}  // namespace persona::postgres

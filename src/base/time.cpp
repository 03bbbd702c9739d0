#include "base/time.hpp"

#include <fmt/format.h>

#include <charconv>

namespace persona {
namespace {

bool number(std::string_view text, std::size_t at, std::size_t size, int& out) {
    if (at + size > text.size()) return false;
    const auto end = text.data() + at + size;
    const auto result = std::from_chars(text.data() + at, end, out);
    return result.ec == std::errc() && result.ptr == end;
}

}  // namespace

std::string to_iso(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", int(date.year()), unsigned(date.month()), unsigned(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<Time> from_iso(std::string_view text) {
    int year, month, day, hour, minute, second;
    if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        return std::nullopt;
    if (!number(text, 0, 4, year) || !number(text, 5, 2, month) || !number(text, 8, 2, day) || !number(text, 11, 2, hour) ||
        !number(text, 14, 2, minute) || !number(text, 17, 2, second))
        return std::nullopt;
    int micros = 0;
    if (text.size() > 20) {
        const std::size_t digits = text.size() - 21;
        if (text[19] != '.' || digits == 0 || digits > 6 || !number(text, 20, digits, micros)) return std::nullopt;
        for (std::size_t i = digits; i < 6; ++i) micros *= 10;
    }
    const auto date = std::chrono::year(year) / month / day;
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) +
           Micros(micros);
}

}  // namespace persona

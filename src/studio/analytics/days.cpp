#include "studio/analytics/days.hpp"

#include <fmt/format.h>
#include <unicode/gregocal.h>
#include <unicode/timezone.h>

#include <memory>

#include "base/error.hpp"
#include "base/number.hpp"

namespace persona::analytics {
namespace {

using Date = std::chrono::year_month_day;

constexpr auto most_days = std::chrono::days(3660);

std::optional<int> number(std::string_view text) {
    const auto value = whole_number(text);
    return value && *value >= 0 ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::optional<Date> date_of(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = number(text.substr(0, 4)), month = number(text.substr(5, 2)), day = number(text.substr(8, 2));
    if (!year || !month || !day || *year < 1970) return std::nullopt;
    const Date out = std::chrono::year(*year) / *month / *day;
    return out.ok() ? std::optional(out) : std::nullopt;
}

std::string text_of(Date date) { return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()), unsigned(date.day())); }

std::unique_ptr<icu::TimeZone> zone_of(const std::string& name) {
    std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
    return *zone == icu::TimeZone::getUnknown() ? nullptr : std::move(zone);
}

}  // namespace

std::optional<Days> days_of(std::string_view from, std::string_view to, const std::string& zone) {
    const auto first = date_of(from), last = date_of(to);
    if (!first || !last || !zone_of(zone)) return std::nullopt;
    const auto length = std::chrono::sys_days(*last) - std::chrono::sys_days(*first);
    if (length < std::chrono::days(0) || length > most_days) return std::nullopt;
    return Days{text_of(*first), text_of(*last), zone};
}

std::string day_of(Time now, const std::string& zone) {
    const auto there = zone_of(zone);
    if (!there) throw BadConfig("PERSONA_TIME_ZONE is not a time zone");
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t raw = 0, saving = 0;
    there->getOffset(static_cast<double>(std::chrono::floor<Millis>(now).time_since_epoch().count()), false, raw, saving, status);
    return text_of(std::chrono::floor<std::chrono::days>(now + Millis(raw + saving)));
}

std::optional<Time> beginning_of(std::string_view day, const std::string& zone) {
    const auto date = date_of(day);
    auto there = zone_of(zone);
    if (!date || !there) return std::nullopt;
    UErrorCode status = U_ZERO_ERROR;
    icu::GregorianCalendar calendar(there.release(), status);  // which owns the zone
    calendar.clear();
    calendar.set(int(date->year()), static_cast<int>(unsigned(date->month())) - 1, static_cast<int>(unsigned(date->day())), 0, 0, 0);
    const double at = calendar.getTime(status);
    if (U_FAILURE(status)) return std::nullopt;
    return Time(Millis(static_cast<std::int64_t>(at)));
}

std::optional<std::string> day_after(std::string_view day) {
    const auto date = date_of(day);
    if (!date) return std::nullopt;
    return text_of(std::chrono::sys_days(*date) + std::chrono::days(1));
}

}  // namespace persona::analytics

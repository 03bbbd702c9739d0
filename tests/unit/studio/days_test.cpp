#include "studio/analytics/days.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace persona::analytics {
namespace {

TEST(Days, AreDaysOfTheCalendarInAKnownZoneTheRightWayRound) {
    EXPECT_TRUE(days_of("2026-02-28", "2026-02-28", "Europe/Moscow"));
    EXPECT_TRUE(days_of("2024-02-29", "2024-03-01", "UTC"));
    struct Case {
        const char *from, *to, *zone;
    };
    for (const Case& wrong :
         {Case{"2026-02-29", "2026-03-01", "UTC"}, Case{"2026-03-02", "2026-03-01", "UTC"}, Case{"2026-3-1", "2026-03-01", "UTC"},
          Case{"", "2026-03-01", "UTC"}, Case{"2026-03-01", "2026-03-01'; --", "UTC"}, Case{"2026-03-01", "2026-03-01", "Mars/Olympus"},
          Case{"2000-01-01", "2026-03-01", "UTC"}, Case{"2026-+3-01", "2026-03-01", "UTC"}})
        EXPECT_FALSE(days_of(wrong.from, wrong.to, wrong.zone)) << wrong.from << " " << wrong.to << " " << wrong.zone;
}

TEST(Days, ADayBeginsWhereTheOperatorIs) {
    const auto at = [](const char* text) { return *from_iso(text); };
    EXPECT_EQ(beginning_of("2026-11-27", "Europe/Moscow"), at("2026-11-26T21:00:00Z"));
    EXPECT_EQ(beginning_of("2026-07-01", "Europe/Berlin"), at("2026-06-30T22:00:00Z"));
    EXPECT_EQ(beginning_of("2026-12-01", "Europe/Berlin"), at("2026-11-30T23:00:00Z"));
    EXPECT_EQ(beginning_of("2026-12-32", "UTC"), std::nullopt);
    EXPECT_EQ(beginning_of("2026-12-01", "nowhere"), std::nullopt);
    EXPECT_EQ(day_of(at("2026-11-26T20:59:59.999999Z"), "Europe/Moscow"), "2026-11-26");
    EXPECT_EQ(day_of(at("2026-11-26T21:00:00Z"), "Europe/Moscow"), "2026-11-27");
    EXPECT_EQ(day_of(at("2026-11-26T10:00:00Z"), "Pacific/Kiritimati"), "2026-11-27");
    EXPECT_THROW(day_of(at("2026-11-26T10:00:00Z"), "nowhere"), BadConfig);
    EXPECT_EQ(day_after("2026-12-31"), "2027-01-01");
    EXPECT_EQ(day_after("2024-02-28"), "2024-02-29");
    EXPECT_EQ(day_after("soon"), std::nullopt);
}

}  // namespace
}  // namespace persona::analytics

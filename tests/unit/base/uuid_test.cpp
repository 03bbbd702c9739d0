#include "base/uuid.hpp"

#include <gtest/gtest.h>

namespace persona {

TEST(Uuid, VersionFiveMatchesTheRfcExample) {
    const auto dns = Uuid::parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
    ASSERT_TRUE(dns);
    EXPECT_EQ(Uuid::v5(*dns, "www.example.com").text(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");  // RFC 9562, A.4
}

TEST(Uuid, VersionSevenSortsByTime) {
    const Uuid early = Uuid::v7(Time(1s)), late = Uuid::v7(Time(2s));
    EXPECT_LT(early, late);
    EXPECT_EQ(late.text()[14], '7');
}

TEST(Uuid, ReadsOnlyItsOwnForm) {
    const Uuid id = Uuid::v7();
    EXPECT_EQ(Uuid::parse(id.text()), id);
    for (const char* text :
         {"", "x", "6ba7b8109dad11d180b400c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430cg", "6ba7b810+9dad-11d1-80b4-00c04fd430c8"})
        EXPECT_FALSE(Uuid::parse(text)) << text;
}

TEST(Time, IsoReadsBack) {
    const Time time = *from_iso("2026-11-22T23:49:42.000001Z");
    EXPECT_EQ(to_iso(time), "2026-11-22T23:49:42.000001Z");
    EXPECT_EQ(from_iso("2026-11-22T23:49:42Z"), time - Micros(1));
    for (const char* text : {"", "2026-13-22T23:49:42Z", "2026-11-22 23:49:42Z", "2026-11-22T25:49:42Z", "2026-11-22T23:49:42.Z"})
        EXPECT_FALSE(from_iso(text)) << text;
}

}  // namespace persona

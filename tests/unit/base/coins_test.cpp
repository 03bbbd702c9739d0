#include "base/coins.hpp"

#include <gtest/gtest.h>

namespace persona {

TEST(Coins, ReadsDecimalsAndNothingElse) {
    struct Case {
        const char* text;
        std::optional<std::int64_t> hundredths;
    };
    for (const Case& c : {Case{"12", 1200},
                          {"12.5", 1250},
                          {"0.10", 10},
                          {"-0.05", -5},
                          {"", {}},
                          {".5", {}},
                          {"1.", {}},
                          {"1.005", {}},
                          {"1e3", {}},
                          {"nan", {}},
                          {" 1", {}},
                          {"1,5", {}},
                          {"--1", {}},
                          {"12345678901234567", {}}}) {
        const auto coins = Coins::parse(c.text);
        ASSERT_EQ(coins.has_value(), c.hundredths.has_value()) << c.text;
        if (coins) EXPECT_EQ(coins->value(), *c.hundredths) << c.text;
    }
}

TEST(Coins, P5_AThousandTenthsAreExactlyAHundred) {
    Coins sum;
    for (int i = 0; i < 1000; ++i) sum = sum + *Coins::parse("0.10");
    EXPECT_EQ(sum.text(), "100.00");
}

TEST(Coins, TextReadsBack) {
    for (const std::int64_t value : {0L, 5L, -5L, 99L, -100L, 123456789L}) EXPECT_EQ(Coins::parse(Coins::hundredths(value).text())->value(), value);
}

}  // namespace persona

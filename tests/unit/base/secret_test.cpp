#include "base/secret.hpp"

#include <gtest/gtest.h>

#include "base/log.hpp"

namespace persona {

TEST(Secret, T11_NeitherTokensNorRegisteredSecretsReachALogLine) {
    const Secret secret("s3cr3t-value");
    const std::string token = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-";
    const std::string line =
        log_line(Level::error, "http", "call failed",
                 {{"url", "https://api.telegram.org/file/bot" + token + "/voice.oga"}, {"body", "a s3cr3t-value b \"quoted\"\n"}});
    EXPECT_EQ(line.find(token), std::string::npos);
    EXPECT_EQ(line.find("AAHdq"), std::string::npos);
    EXPECT_EQ(line.find("s3cr3t-value"), std::string::npos);
    EXPECT_NE(line.find("a [redacted] b \\\"quoted\\\"\\n"), std::string::npos) << line;
}

TEST(Secret, OneThatBeginsAnotherLeavesNothingOfIt) {
    const Secret short_one("begin-123"), long_one("begin-123-and-more");
    EXPECT_EQ(redact("x begin-123-and-more y begin-123 z"), "x [redacted] y [redacted] z");
}

TEST(Secret, OrdinaryTextStays) { EXPECT_EQ(redact("at 12:30 the user 5000000000: said"), "at 12:30 the user 5000000000: said"); }

}  // namespace persona

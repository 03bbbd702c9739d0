#include "http/url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "http/headers.hpp"

namespace persona::http {

TEST(Url, PercentDecodingIsByteExact) {
    EXPECT_EQ(percent_decode("a%41%00%ff+%zz%4"), std::string("aA\0\xff+%zz%4", 10));
    EXPECT_EQ(percent_encode("a b/+~\xd0\xb6"), "a%20b%2F%2B~%D0%B6");
    std::string all;
    for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
    EXPECT_EQ(percent_decode(percent_encode(all)), all);
}

TEST(Url, FormsKeepOrderAndRepeats) {
    const Form form = Form::parse("a=1&b=x+y%26&a=2&&c&=d&e==");
    EXPECT_EQ(form.value("a"), "1");
    EXPECT_EQ(form.value("b"), "x y&");
    EXPECT_TRUE(form.contains("c"));
    EXPECT_FALSE(form.contains("d"));
    EXPECT_EQ(form.value(""), "d");
    EXPECT_EQ(form.value("e"), "=");
    EXPECT_EQ(form.size(), 6u);
    EXPECT_EQ(form.encoded(), "a=1&b=x%20y%26&a=2&c=&=d&e=%3D");
}

TEST(Url, ACodedSlashMakesNoSegment) {
    EXPECT_THAT(path_segments("//a/b%2Fc/%2e%2e/"), testing::ElementsAre("a", "b/c", ".."));
    EXPECT_TRUE(path_segments("/").empty());
}

TEST(Url, TheOriginShowsNoSecret) {
    EXPECT_EQ(origin_of("https://user:pw@example.org:8443/bot1:AA/x?key=1"), "https://example.org:8443");
    EXPECT_EQ(origin_of("https://example.org?key=1"), "https://example.org");
    EXPECT_EQ(origin_of("junk"), "[no origin]");
}

TEST(Url, KnowsThisMachine) {
    for (const char* here :
         {"http://localhost", "http://localhost:8081/a", "http://127.0.0.1:1", "http://127.9.8.7/x", "http://[::1]", "http://[::1]:5/"})
        EXPECT_TRUE(is_loopback(here)) << here;
    for (const char* there :
         {"http://127.evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "http://[::1]evil.example", "http://[::1",
          "http://[", "http://", "http://localhost@evil.example", "http://128.0.0.1", "http://[::2]", "https://localhost", "junk", ""})
        EXPECT_FALSE(is_loopback(there)) << there;
}

TEST(Headers, IgnoresCaseKeepsOrderAndReplaces) {
    Headers headers{{"Content-Type", "a"}, {"X", "1"}, {"x", "2"}};
    EXPECT_EQ(headers.value("content-type"), "a");
    EXPECT_EQ(headers.value("X"), "1");
    headers.set("x", headers.value("x"));
    EXPECT_EQ(headers.size(), 2u);
    EXPECT_FALSE(headers.contains("y"));
    headers.add("Connection", "keep-alive,  Upgrade ");
    EXPECT_TRUE(headers.lists("connection", "upgrade"));
    EXPECT_FALSE(headers.lists("connection", "grade"));
}

TEST(Headers, RefusesLineBreaks) {
    Headers headers;
    for (const std::string_view bad : {std::string_view("a\r\nb"), std::string_view("a\nb"), std::string_view("a\0b", 3)}) {
        EXPECT_THROW(headers.add("X", bad), Error);
        EXPECT_THROW(headers.add(bad, "x"), Error);
    }
    EXPECT_THROW(headers.add("", "x"), Error);
}

}  // namespace persona::http

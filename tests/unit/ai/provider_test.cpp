// What answers of OpenAI-compatible servers mean.
#include "ai/remote/provider.hpp"

#include <gtest/gtest.h>

namespace persona::ai {
namespace {

TEST(Provider, TellsWhatAnAnswerMeans) {
    struct Case {
        unsigned status;
        const char* body;
        Fault fault;
    };
    for (const Case& c :
         {Case{429, R"({"error":{"message":"slow down","type":"requests","code":"rate_limit_exceeded"}})", Fault::busy},
          Case{429, R"({"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}})", Fault::quota},
          Case{429, R"({"error":{"message":"pay","type":"insufficient_quota","code":null}})", Fault::quota}, Case{429, "<html>", Fault::busy},
          Case{500, "", Fault::busy}, Case{503, "{}", Fault::busy}, Case{402, "", Fault::quota},
          Case{401, R"({"error":{"code":"invalid_api_key"}})", Fault::unauthorized}, Case{403, "", Fault::unauthorized},
          Case{400, R"({"error":{"code":"context_length_exceeded","param":"messages"}})", Fault::too_large}, Case{413, "", Fault::too_large},
          Case{400, R"({"error":{"code":"unsupported_value","param":"temperature"}})", Fault::refused}, Case{404, "[]", Fault::refused}}) {
        EXPECT_EQ(provider_error(c.status, {}, c.body).fault, c.fault) << c.status << " " << c.body;
    }
}

TEST(Provider, HonoursRetryAfter) {
    EXPECT_EQ(provider_error(429, {{"Retry-After", "20"}}, "").retry_after, 20s);
    EXPECT_EQ(provider_error(429, {{"Retry-After", "1"}, {"retry-after-ms", "250"}}, "").retry_after, 250ms);
    EXPECT_EQ(provider_error(429, {{"Retry-After", "999999999"}}, "").retry_after, 1h);
    for (const char* text : {"", "-1", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", "nan"})
        EXPECT_FALSE(provider_error(429, {{"Retry-After", text}}, "").retry_after) << text;
}

}  // namespace
}  // namespace persona::ai

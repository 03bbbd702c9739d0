// Speech by a provider, on a server that behaves like one on good days and bad.
#include <gmock/gmock.h>

#include "async/task_group.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "speech_server.hpp"
#include "support/run.hpp"

namespace persona::ai {
namespace {

using test::SpeechServer;
using testing::HasSubstr;
using testing::Not;

struct Booth {
    explicit Booth(Executor executor) : server(executor), http(executor) {}
    OpenAiSpeech engine() { return OpenAiSpeech(http, config.value_or(server.config())); }
    SpeechServer server;
    http::Client http;
    std::optional<OpenAiSpeechConfig> config;
};

void with(std::function<Task<void>(Booth&)> body) {
    run([&]() -> Task<void> {
        Booth booth(co_await asio::this_coro::executor);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(30s), "a test", body(booth));
        } catch (...) { error = std::current_exception(); }
        co_await booth.server.stop();
        booth.http.close();
        if (error) std::rethrow_exception(error);
    });
}

Deadline soon() { return Deadline::after(20s); }
Segment two_seconds() { return {.index = 4, .begin = speech_rate, .samples = std::vector<std::int16_t>(2 * speech_rate, 258)}; }

TEST(OpenAiSpeech, SendsASegmentAsAFileWithItsLanguage) {
    with([](Booth& booth) -> Task<void> {
        auto engine = booth.engine();
        const Segment segment = two_seconds();
        booth.server.once.push_back(SpeechServer::says(" Привет, мир.", "russian"));
        const auto piece = co_await engine.transcribe(segment, {.language = "ru"}, soon());
        EXPECT_EQ(piece->text, "Привет, мир.");
        EXPECT_EQ(piece->language, "ru");
        EXPECT_EQ(piece->index, 4u);
        EXPECT_EQ(piece->begin, 1s);
        EXPECT_EQ(piece->end, 3s);
        EXPECT_EQ(piece->log_probability, -0.25);
        const auto& asked = booth.server.asked.at(0);
        EXPECT_EQ(asked.fields.at("model"), "whisper-1");
        EXPECT_EQ(asked.fields.at("language"), "ru");
        EXPECT_EQ(asked.fields.at("response_format"), "verbose_json");
        EXPECT_EQ(asked.file_name, "segment.wav");
        EXPECT_EQ(asked.authorization, "Bearer " + test::speech_key);
        EXPECT_EQ(asked.fields.at("file").size(), 44 + segment.samples.size() * 2);
        EXPECT_EQ(asked.fields.at("file").substr(44, 4), "\x02\x01\x02\x01");
        co_await engine.transcribe(segment, {}, soon());
        EXPECT_FALSE(booth.server.asked.at(1).fields.contains("language"));
    });
}

TEST(OpenAiSpeech, AModelWithoutSegmentsIsAskedForJson) {
    with([](Booth& booth) -> Task<void> {
        auto engine = booth.engine();
        booth.server.once.push_back(SpeechServer::refuses(400, "unsupported_value", "response_format"));
        booth.server.always = [](const auto&) -> Task<http::Response> { co_return http::Response::json(R"({"text":"Plain words."})"); };
        for (int i = 0; i < 2; ++i) EXPECT_EQ((co_await engine.transcribe(two_seconds(), {}, soon()))->text, "Plain words.");
        EXPECT_EQ(booth.server.asked.size(), 3u);
        EXPECT_EQ(booth.server.asked.at(2).fields.at("response_format"), "json");
    });
}

TEST(OpenAiSpeech, T8_ATroubledServerIsAskedAgain) {
    with([](Booth& booth) -> Task<void> {
        auto engine = booth.engine();
        std::deque<http::Response> troubles;
        for (const unsigned status : {500u, 503u, 502u, 408u}) troubles.push_back(SpeechServer::refuses(status, "server_error"));
        troubles.push_back(SpeechServer::refuses(429, "rate_limit_exceeded", {}, "0.01"));
        troubles.push_back(http::Response::json("<html>"));
        troubles.push_back(http::Response::json(R"({"words":[]})"));
        while (!troubles.empty()) {
            booth.server.once.push_back(std::move(troubles.front()));
            troubles.pop_front();
            const auto piece = co_await engine.transcribe(two_seconds(), {}, soon());
            EXPECT_TRUE(piece) << troubles.size() << " left";
        }
        EXPECT_EQ(booth.server.asked.size(), 14u);
    });
}

TEST(OpenAiSpeech, T9_AServerThatFailsForGoodIsLeftAlone) {
    with([](Booth& booth) -> Task<void> {
        booth.config = booth.server.config();
        booth.config->tries.circuit = {.failures = 3, .first_rest = 1h};
        auto engine = booth.engine();
        booth.server.always = [](const auto&) -> Task<http::Response> { co_return SpeechServer::refuses(500, "server_error"); };
        EXPECT_THROW(co_await engine.transcribe(two_seconds(), {}, soon()), Unavailable);
        EXPECT_EQ(booth.server.asked.size(), 3u);
        EXPECT_THROW(co_await engine.transcribe(two_seconds(), {}, soon()), Unavailable);
        EXPECT_EQ(booth.server.asked.size(), 3u) << "fails fast";
    });
}

TEST(OpenAiSpeech, T9_WhatDoesNotPassIsToldApart) {
    struct Case {
        unsigned status;
        const char* code;
        SpeechError error;
    };
    for (const Case& c : {Case{429, "insufficient_quota", SpeechError::unusable},
                          {401, "invalid_api_key", SpeechError::unusable},
                          {403, "forbidden", SpeechError::unusable},
                          {400, "invalid_file", SpeechError::refused},
                          {413, "too_large", SpeechError::refused},
                          {404, "model_not_found", SpeechError::refused}})
        with([&](Booth& booth) -> Task<void> {
            auto engine = booth.engine();
            booth.server.once.push_back(SpeechServer::refuses(c.status, c.code));
            const auto piece = co_await engine.transcribe(two_seconds(), {}, soon());
            EXPECT_FALSE(piece) << c.status;
            EXPECT_EQ(piece.error(), c.error) << c.status << " " << c.code;
            EXPECT_EQ(booth.server.asked.size(), 1u) << "is not asked again";
        });
}

TEST(OpenAiSpeech, AServerThatSaysNothingIsGivenUpInTime) {
    with([](Booth& booth) -> Task<void> {
        booth.config = booth.server.config();
        booth.config->patience = 20ms;
        auto engine = booth.engine();
        booth.server.always = [](const auto&) -> Task<http::Response> {
            co_await pause(1h);
            co_return http::Response::empty(200);
        };
        EXPECT_THROW(co_await engine.transcribe(two_seconds(), {}, soon()), Unavailable);
        booth.server.once.push_back(SpeechServer::refuses(429, "rate_limit_exceeded", {}, "3600"));
        EXPECT_THROW(co_await engine.transcribe(two_seconds(), {}, soon()), Unavailable) << "an hour is over the deadline, so it is not waited for";
    });
}

TEST(OpenAiSpeech, TheKeyIsInNoErrorAndNoLog) {
    testing::internal::CaptureStderr();
    std::string told;
    with([&](Booth& booth) -> Task<void> {
        auto engine = booth.engine();
        booth.server.always = [](const auto& call) -> Task<http::Response> {
            co_return http::Response::json(R"({"error":{"message":"key )" + call.authorization + R"("}})", 500);
        };
        try {
            co_await engine.transcribe(two_seconds(), {}, soon());
        } catch (const Unavailable& e) { told = e.what(); }
    });
    EXPECT_THAT(told + testing::internal::GetCapturedStderr(), testing::AllOf(Not(HasSubstr(test::speech_key)), HasSubstr("500")));
}

TEST(SpeechWire, ReadsAnswersOfManyKinds) {
    EXPECT_EQ(speech_answer(R"({"text":" Hello. "})")->text, "Hello.");
    EXPECT_EQ(speech_answer(R"({"text":""})")->text, "");
    for (const char* broken : {"", "[]", "{}", R"({"text":1})", "<html>"}) EXPECT_EQ(speech_answer(broken).error().fault, Fault::nonsense) << broken;
    const auto silent = speech_answer(
        R"({"text":"Thanks for watching. Yes.","language":"English","segments":[
            {"start":0,"end":5,"text":" Thanks for watching.","avg_logprob":-1.4,"no_speech_prob":0.9},
            {"start":5,"end":6,"text":" Yes.","avg_logprob":-0.2,"no_speech_prob":0.1}]})");
    EXPECT_EQ(silent->text, "Yes.");
    EXPECT_EQ(silent->language, "en");
    EXPECT_DOUBLE_EQ(silent->log_probability, -0.2);
    std::string loop = "Begin.";
    for (int i = 0; i < 10; ++i) loop += " Over and over again.";
    const auto looped = speech_answer(R"({"text":")" + loop + "\"}");
    EXPECT_EQ(looped->text, "Begin. Over and over again.");
    EXPECT_TRUE(looped->looped);
}

TEST(SpeechWire, NamesLanguagesByTheirCodes) {
    for (const auto& [name, code] :
         {std::pair{"russian", "ru"}, {"Russian", "ru"}, {"en", "en"}, {"english", "en"}, {"german", "de"}, {"klingon-ish", ""}, {"", ""}})
        EXPECT_EQ(language_code(name), code) << name;
}

}  // namespace
}  // namespace persona::ai

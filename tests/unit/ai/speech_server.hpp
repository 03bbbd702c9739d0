// A speech server of a test: OpenAI's /audio/transcriptions over our HTTP server, a script of answers, a list of what was asked.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <map>

#include "ai/remote/speech/engine.hpp"
#include "http/multipart.hpp"
#include "http/server.hpp"

namespace persona::ai::test {

inline const std::string speech_key = "sk-test-0123456789abcdef";

struct SpeechAsked {
    std::map<std::string, std::string> fields;  // the file's bytes too
    std::string file_name, authorization;
};

class SpeechServer {
public:
    using Script = std::function<Task<http::Response>(const SpeechAsked&)>;

    explicit SpeechServer(Executor executor)
        : server_(executor, {.max_body = 25 << 20}, [this](http::Request request) { return serve(std::move(request)); }) {}

    std::deque<http::Response> once;  // answers before those of `always`
    Script always;                    // empty: "Piece." in English
    std::vector<SpeechAsked> asked;

    // Quick to try again.
    OpenAiSpeechConfig config() const {
        return {.provider = {"http://127.0.0.1:" + std::to_string(server_.port()) + "/v1", Secret(speech_key)},
                .model = "whisper-1",
                .patience = 5s,
                .tries = {.tries = 3, .first_wait = 1ms, .most_wait = 2ms, .circuit = {.failures = 50}}};
    }
    Task<void> stop() { co_await server_.stop(Deadline::after(0ms)); }

    static http::Response says(std::string text, std::string language = "english") {
        namespace json = boost::json;
        const json::object segment{{"start", 0.0},          {"end", 3.5}, {"text", text}, {"avg_logprob", -0.25}, {"compression_ratio", 1.2},
                                   {"no_speech_prob", 0.01}};
        return http::Response::json(json::serialize(
            json::object{{"task", "transcribe"}, {"language", language}, {"duration", 3.5}, {"text", text}, {"segments", json::array{segment}}}));
    }
    static http::Response refuses(unsigned status, std::string code, std::string parameter = {}, std::string retry_after = {}) {
        auto out = http::Response::json(
            R"({"error":{"message":"no","type":")" + code + R"(","param":")" + parameter + R"(","code":")" + code + "\"}}", status);
        if (!retry_after.empty()) out.headers.add("Retry-After", retry_after);
        return out;
    }

private:
    Task<http::Response> serve(http::Request request) {
        if (request.method != "POST" || request.target != "/v1/audio/transcriptions") co_return http::Response::empty(404);
        SpeechAsked call{.authorization = std::string(request.headers.value("Authorization"))};
        const auto boundary = http::boundary_of(request.headers.value("Content-Type"));
        const auto parts = http::parse_multipart(request.body, boundary.value_or("none"));
        if (!parts) co_return http::Response::empty(400);
        for (const auto& part : *parts) {
            call.fields[part.name] = std::string(part.body);
            if (part.file_name) call.file_name = *part.file_name;
        }
        asked.push_back(call);
        if (!once.empty()) {
            auto answer = std::move(once.front());
            once.pop_front();
            co_return answer;
        }
        if (always) co_return co_await always(call);
        co_return says("Piece.");
    }

    http::Server server_;
};

}  // namespace persona::ai::test

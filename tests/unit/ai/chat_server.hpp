// A chat server of a test: OpenAI's protocol over our HTTP server, a script of answers, a list of what was asked.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <functional>

#include "ai/remote/chat/client.hpp"
#include "http/server.hpp"

namespace persona::ai::test {

namespace json = boost::json;

inline const std::string chat_key = "sk-test-0123456789abcdef";

struct ChatAsked {
    json::object body;
    std::string authorization;

    std::string message(std::size_t i) const { return std::string(body.at("messages").at(i).at("content").as_string()); }
    std::string system() const { return message(0); }
    // The last message of the person.
    std::string user() const { return message(body.at("messages").as_array().size() - 1); }
    // The mark that the system message names.
    std::string mark() const {
        const std::string words = system();
        const std::size_t at = words.find("<data ") + 6;
        return words.substr(at, words.find('>', at) - at);
    }
    // What is quoted in the second message.
    std::string data() const {
        const std::string text = message(1), open = "<data " + mark() + ">\n", close = "\n</data " + mark() + ">";
        const std::size_t begin = text.find(open) + open.size();
        return text.substr(begin, text.rfind(close) - begin);
    }
};

class ChatServer {
public:
    using Script = std::function<Task<http::Response>(const ChatAsked&)>;

    explicit ChatServer(Executor executor)
        : server_(executor, {.max_body = 16 << 20}, [this](http::Request request) { return serve(std::move(request)); }) {}

    std::deque<http::Response> once;  // answers before those of `always`
    Script always;
    std::vector<ChatAsked> asked;

    std::string base() const { return "http://127.0.0.1:" + std::to_string(server_.port()) + "/v1"; }
    // Quick to try again.
    ChatConfig config() const {
        return {.provider = {base(), Secret(chat_key)},
                .model = "test-model",
                .tries = 3,
                .first_wait = 1ms,
                .most_wait = 2ms,
                .patience = 5s,
                .circuit = {.failures = 50}};
    }
    Task<void> stop() { co_await server_.stop(Deadline::after(0ms)); }

    static http::Response says(std::string text, std::string finish = "stop") {
        const json::object message{{"role", "assistant"}, {"content", std::move(text)}};
        return http::Response::json(
            json::serialize(json::object{{"id", "chatcmpl-1"},
                                         {"object", "chat.completion"},
                                         {"choices", json::array{json::object{{"index", 0}, {"message", message}, {"finish_reason", finish}}}}}));
    }
    static http::Response streams(const std::vector<std::string>& words, std::string finish = "stop") {
        std::string body;
        const auto event = [&](json::object choice) {
            body +=
                "data: " + json::serialize(json::object{{"object", "chat.completion.chunk"}, {"choices", json::array{std::move(choice)}}}) + "\n\n";
        };
        for (const auto& word : words) event({{"index", 0}, {"delta", json::object{{"content", word}}}, {"finish_reason", nullptr}});
        if (!finish.empty()) event({{"index", 0}, {"delta", json::object{}}, {"finish_reason", finish}});
        return http::Response::text(200, body + (finish.empty() ? "" : "data: [DONE]\n\n"), "text/event-stream");
    }
    static http::Response refuses(unsigned status, std::string code, std::string parameter = {}, std::string retry_after = {}) {
        auto out = http::Response::json(
            json::serialize(json::object{{"error", json::object{{"message", "no"}, {"type", code}, {"param", parameter}, {"code", code}}}}), status);
        if (!retry_after.empty()) out.headers.add("Retry-After", retry_after);
        return out;
    }

private:
    Task<http::Response> serve(http::Request request) {
        if (request.method != "POST" || request.target != "/v1/chat/completions") co_return http::Response::empty(404);
        asked.push_back({json::parse(request.body).as_object(), std::string(request.headers.value("Authorization"))});
        if (!once.empty()) {
            auto answer = std::move(once.front());
            once.pop_front();
            co_return answer;
        }
        const ChatAsked call = asked.back();  // asked grows while a script waits
        co_return co_await always(call);
    }

    http::Server server_;
};

}  // namespace persona::ai::test

// An enhancement server of a test: a script of answers, a list of what was asked.
#pragma once

#include <deque>
#include <map>

#include "ai/remote/enhance/engine.hpp"
#include "http/multipart.hpp"
#include "http/server.hpp"

namespace persona::ai::test {

inline const std::string enhance_key = "enhance-0123456789abcdef";

struct EnhanceAsked {
    std::map<std::string, std::string> parts;
    std::string file_name, type, authorization;
};

class EnhanceServer {
public:
    using Script = std::function<Task<http::Response>(const EnhanceAsked&)>;

    explicit EnhanceServer(Executor executor)
        : server_(executor, {.max_body = 25 << 20}, [this](http::Request request) { return serve(std::move(request)); }) {}

    std::deque<http::Response> once;  // answers before those of `always`
    Script always;                    // empty: what was sent, as it came
    std::vector<EnhanceAsked> asked;

    // Quick to try again.
    RemoteEnhanceConfig config() const {
        return {.url = "http://127.0.0.1:" + std::to_string(server_.port()) + "/enhance",
                .key = Secret(enhance_key),
                .patience = 5s,
                .tries = {.tries = 3, .first_wait = 1ms, .most_wait = 2ms, .circuit = {.failures = 50}}};
    }
    Task<void> stop() { co_await server_.stop(Deadline::after(0ms)); }

    static http::Response gives(std::string image, std::string_view type = "image/jpeg") { return http::Response::text(200, std::move(image), type); }

private:
    Task<http::Response> serve(http::Request request) {
        if (request.method != "POST" || request.target != "/enhance") co_return http::Response::empty(404);
        EnhanceAsked call{.authorization = std::string(request.headers.value("Authorization"))};
        const auto boundary = http::boundary_of(request.headers.value("Content-Type"));
        const auto parts = http::parse_multipart(request.body, boundary.value_or("none"));
        if (!parts) co_return http::Response::empty(400);
        for (const auto& part : *parts) {
            call.parts[part.name] = std::string(part.body);
            call.file_name = part.file_name.value_or("");
            call.type = part.type;
        }
        asked.push_back(call);
        if (!once.empty()) {
            auto answer = std::move(once.front());
            once.pop_front();
            co_return answer;
        }
        if (always) co_return co_await always(call);
        co_return gives(call.parts["image"]);
    }

    http::Server server_;
};

}  // namespace persona::ai::test

// A Bot API server of a test: our HTTP server, a script of answers, a list of what was asked.
#pragma once

#include <boost/json.hpp>
#include <deque>
#include <map>

#include "async/signal.hpp"
#include "http/server.hpp"
#include "room.hpp"

namespace persona::telegram::test {

// Of the shape of a real one, so that a leak is seen by its shape too.
inline const std::string token = "123456:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQ";

struct Asked {
    std::string method;
    json::object params;
    std::string body;
};

class BotApiServer {
public:
    explicit BotApiServer(Executor executor)
        : called_(executor), server_(executor, {}, [this](http::Request request) { return serve(std::move(request)); }) {}

    // One answer for one call of a method, before those of `always`; a method without either is answered with true.
    std::map<std::string, std::deque<http::Response>> once;
    std::map<std::string, std::function<Task<http::Response>(const Asked&)>> always;
    std::map<std::string, std::string> files;  // path below /file/bot<token>/
    std::vector<Asked> asked;

    std::string base() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    ApiConfig config() const { return {.token = Secret(token), .base = base()}; }
    std::size_t count(std::string_view method) const {
        return static_cast<std::size_t>(std::ranges::count_if(asked, [&](const Asked& a) { return a.method == method; }));
    }
    Task<void> heard(std::string method, std::size_t calls) {
        const auto deadline = Deadline::after(patience);
        while (count(method) < calls)
            if (!co_await called_.wait(deadline)) throw Error(method + " was not called " + std::to_string(calls) + " times");
    }
    Task<void> stop() { co_await server_.stop(Deadline::after(0ms)); }

    static http::Response ok(std::string result) { return http::Response::json(R"({"ok":true,"result":)" + result + "}"); }
    static http::Response refuse(unsigned code, std::string description, int retry_after = 0) {
        json::object out{{"ok", false}, {"error_code", code}, {"description", description}};
        if (retry_after) out["parameters"] = json::object{{"retry_after", retry_after}};
        return http::Response::json(json::serialize(out), code);
    }

private:
    Task<http::Response> serve(http::Request request) {
        const std::string start = "/bot" + token + "/";
        if (request.target.starts_with("/file" + start)) co_return file(http::percent_decode(request.target.substr(start.size() + 5)));
        if (!request.target.starts_with(start)) co_return refuse(404, "Not Found");
        Asked call{request.target.substr(start.size()), {}, request.body};
        if (request.headers.value("Content-Type") == "application/json") call.params = json::parse(request.body).as_object();
        asked.push_back(call);
        called_.notify();
        if (auto& answers = once[call.method]; !answers.empty()) {
            auto answer = std::move(answers.front());
            answers.pop_front();
            co_return answer;
        }
        if (const auto at = always.find(call.method); at != always.end()) co_return co_await at->second(call);
        co_return ok("true");
    }
    http::Response file(const std::string& path) const {
        const auto at = files.find(path);
        return at == files.end() ? refuse(404, "Not Found: no such file") : http::Response::text(200, at->second, "application/octet-stream");
    }

    Signal called_;
    http::Server server_;
};

}  // namespace persona::telegram::test

#include "http/router.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/run.hpp"

namespace persona::http {
namespace {

Request request(std::string method, std::string target) {
    Request r;
    r.method = std::move(method);
    r.path = path_segments(target);
    r.target = std::move(target);
    return r;
}

auto says(std::string text) {
    return [text](Request r) -> Task<Response> {
        std::string out = text;
        for (const auto& [name, value] : r.named) out += " " + name + "=" + value;
        co_return Response::text(200, out);
    };
}

TEST(Router, FindsTheFirstRouteThatMatches) {
    const Router router({{"GET", "/", says("root")},
                         {"GET", "/healthz", says("alive")},
                         {"*", "/bot{token}/{method}", says("bot")},
                         {"GET", "/file/bot{token}/{path...}", says("file")},
                         {"POST", "/users/{id}", says("change")},
                         {"GET", "/users/me", says("me")},
                         {"GET", "/users/{id}", says("user")}});
    struct Case {
        std::string method, target;
        unsigned status;
        std::string body;
    };
    const Case cases[] = {
        {"GET", "/", 200, "root"},
        {"GET", "/healthz", 200, "alive"},
        {"HEAD", "/healthz", 200, "alive"},
        {"POST", "/bot1:AA/getMe", 200, "bot token=1:AA method=getMe"},
        {"GET", "/bot/getMe", 404, "Not Found\n"},
        {"GET", "/file/bot1/a/b%2Fc", 200, "file token=1 path=a/b/c"},
        {"GET", "/users/me", 200, "me"},
        {"GET", "/users/7", 200, "user id=7"},
        {"POST", "/users/7", 200, "change id=7"},
        {"DELETE", "/users/7", 405, "Method Not Allowed\n"},
        {"GET", "/users", 404, "Not Found\n"},
        {"GET", "/users/7/x", 404, "Not Found\n"},
    };
    for (const Case& c : cases) {
        const Response response = run([&] { return router(request(c.method, c.target)); });
        EXPECT_EQ(response.status, c.status) << c.target;
        EXPECT_EQ(std::get<std::string>(response.body), c.body) << c.target;
        if (c.status == 405) EXPECT_EQ(response.headers.value("Allow"), "POST, GET");
    }
}

TEST(Router, GivesTheBodyLimitOfTheRoute) {
    const Router router({{"POST", "/upload", says(""), 50}, {"POST", "/other", says("")}});
    EXPECT_EQ(router.body_limit(request("POST", "/upload"), 7), 50u);
    EXPECT_EQ(router.body_limit(request("POST", "/other"), 7), 7u);
    EXPECT_EQ(router.body_limit(request("POST", "/none"), 7), 7u);
}

TEST(Router, RefusesPatternsItCannotRead) {
    for (const std::string pattern : {"/{}", "/{a}b", "/{a...}/b", "/x{a...}"})
        EXPECT_THROW(Router({{"GET", pattern, says("")}}), BadConfig) << pattern;
}

}  // namespace
}  // namespace persona::http

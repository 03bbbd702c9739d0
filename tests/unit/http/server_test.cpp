#include "http/server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "async/signal.hpp"
#include "async/within.hpp"
#include "http/request_reader.hpp"
#include "http/router.hpp"
#include "raw_client.hpp"
#include "support/run.hpp"

namespace persona::http {
namespace {

using test::RawClient;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Task<Response> echo(Request request) { co_return Response::text(200, request.method + " " + request.target + " " + request.body); }

// Runs `body` against a server with this handler and stops it.
template <class F>
void with_server(ServerConfig config, Handler handler, F body) {
    run([&]() -> Task<void> {
        Server server(co_await asio::this_coro::executor, config, std::move(handler));
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(20s), "test", body(server.port()));
        } catch (...) { error = std::current_exception(); }
        co_await server.stop(Deadline::after(0ms));
        if (error) std::rethrow_exception(error);
    });
}

TEST(HttpServer, KeepsAConnectionAndAnswersPipelinedRequestsInOrder) {
    with_server({}, echo, [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send(
            "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
        const auto first = co_await client.until("GET /1 ");
        EXPECT_THAT(first, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
        EXPECT_THAT(first, HasSubstr("\r\nContent-Length: 7\r\n"));
        EXPECT_THAT(first, Not(HasSubstr("Connection")));
        co_await client.until("POST /2 abc");
        co_await client.until("GET /3 ");
        co_await client.send("GET /4 HTTP/1.1\r\nConnection: close\r\n\r\n");
        EXPECT_THAT(co_await client.rest(), testing::AllOf(HasSubstr("Connection: close"), EndsWith("GET /4 ")));
    });
}

TEST(HttpServer, TakesARequestByteByByteAndInChunks) {
    with_server({}, echo, [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        for (const char c : std::string("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"))
            co_await client.send(std::string(1, c));
        co_await client.until("POST /x abcde");
    });
}

// An empty chunked body in two packets made Beast assert, and anybody could have ended the process with it.
TEST(RequestReader, TakesAnEmptyChunkedBodySplitAtEveryByte) {
    const std::string wire = "POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    for (std::size_t step = 1; step <= wire.size(); ++step) {
        RequestReader reader;
        std::string waiting;
        for (std::size_t at = 0; at < wire.size(); at += step) {
            waiting += wire.substr(at, step);
            for (std::size_t used = 1; used > 0 && !waiting.empty();) {
                used = reader.feed(waiting);
                waiting.erase(0, used);
                if (reader.state() == RequestReader::State::body) reader.limit_body(10);
            }
        }
        EXPECT_EQ(reader.state(), RequestReader::State::complete) << step;
    }
}

TEST(HttpServer, RefusesWhatIsTooLargeOrBroken) {
    struct Case {
        std::string request, status;
    };
    const Case cases[] = {
        {"POST /x HTTP/1.1\r\nContent-Length: 11\r\n\r\n01234567890", "413 Content Too Large"},
        {"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n", "413 Content Too Large"},
        {"GET /x HTTP/1.1\r\nA: " + std::string(20000, 'a') + "\r\n\r\n", "431 "},
        {"GET /x HTTP/1.1\r\nA: " + std::string(20000, 'a'), "431 "},
        {"nonsense\r\n\r\n", "400 Bad Request"},
        {"GET /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400 Bad Request"},
        {"POST /x HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400 Bad Request"},
        {"GET /x HTTP/1.1\r\nno colon\r\n\r\n", "400 Bad Request"},
    };
    with_server({.max_body = 10}, echo, [&](std::uint16_t port) -> Task<void> {
        for (const Case& c : cases) {
            auto client = co_await RawClient::connect(port);
            co_await client.send(c.request);
            EXPECT_THAT(co_await client.rest(), testing::AllOf(StartsWith("HTTP/1.1 " + c.status), HasSubstr("Connection: close")))
                << c.request.substr(0, 60);
        }
    });
}

TEST(HttpServer, ChoosesTheBodyLimitByTheHeadBeforeItAsksForTheBody) {
    ServerConfig config{.body_limit = [](const Request& head) -> std::size_t { return head.path == std::vector<std::string>{"big"} ? 5 : 2; }};
    with_server(config, echo, [](std::uint16_t port) -> Task<void> {
        auto big = co_await RawClient::connect(port);
        co_await big.send("POST /big HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        EXPECT_EQ(co_await big.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
        co_await big.send("12345");
        co_await big.until("POST /big 12345");
        auto small = co_await RawClient::connect(port);
        co_await small.send("POST /small HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
        EXPECT_THAT(co_await small.until("\r\n\r\n"), StartsWith("HTTP/1.1 413"));
        small.close();
    });
}

TEST(HttpServer, HeadHasTheLengthAndNoBody) {
    with_server({}, echo, [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("HEAD /x HTTP/1.1\r\n\r\nGET /y HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("\r\n\r\n"), HasSubstr("Content-Length: 8\r\n"));
        EXPECT_THAT(co_await client.until("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
    });
}

TEST(HttpServer, A204HasNoBodyWhateverTheHandlerGives) {
    Handler wrong = [](Request request) -> Task<Response> { co_return Response::text(request.target == "/x" ? 204 : 200, "body"); };
    with_server({}, std::move(wrong), [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("GET /x HTTP/1.1\r\n\r\nGET /y HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("\r\n\r\n"), Not(HasSubstr("Content-Length")));
        EXPECT_THAT(co_await client.until("body"), StartsWith("HTTP/1.1 200"));
    });
}

TEST(HttpServer, SpeaksHttp10) {
    with_server({}, echo, [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("GET /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        EXPECT_THAT(co_await client.until("GET /x "), HasSubstr("Connection: keep-alive"));
        co_await client.send("GET /y HTTP/1.0\r\n\r\n");
        EXPECT_THAT(co_await client.rest(), EndsWith("GET /y "));
    });
}

TEST(HttpServer, AnExceptionShowsNoInternals) {
    Handler broken = [](Request request) -> Task<Response> {
        if (request.target == "/db") throw Unavailable("database at 10.0.0.1 is down");
        throw std::runtime_error("secret detail");
        co_return Response{};
    };
    with_server({}, std::move(broken), [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("GET /x HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("Server Error\n"), testing::AllOf(StartsWith("HTTP/1.1 500"), Not(HasSubstr("secret"))));
        co_await client.send("GET /db HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("\r\n\r\n"),
                    testing::AllOf(StartsWith("HTTP/1.1 503"), HasSubstr("Retry-After: 5"), Not(HasSubstr("10.0"))));
    });
}

TEST(HttpServer, SendsAPartOfAFile) {
    const auto path = std::filesystem::temp_directory_path() / ("persona-http-" + std::to_string(::getpid()));
    std::ofstream(path) << std::string(3'000'000, 'x') << "0123456789";
    Handler files = [&](Request request) -> Task<Response> {
        if (request.target == "/none") co_return Response{.body = FileBody{"/nowhere"}};
        co_return request.target == "/tail" ? Response{.status = 206, .body = FileBody{path, 3'000'002, 5}} : Response{.body = FileBody{path}};
    };
    with_server({}, std::move(files), [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("GET /tail HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("23456"), HasSubstr("Content-Length: 5\r\n"));
        co_await client.send("GET /all HTTP/1.1\r\n\r\n");
        EXPECT_EQ((co_await client.until("\r\n\r\n")).find("Content-Length: 3000010") == std::string::npos, false);
        EXPECT_EQ((co_await client.until("0123456789")).size(), 3'000'010u);
        co_await client.send("GET /none HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("\r\n\r\n"), StartsWith("HTTP/1.1 404"));
    });
    std::filesystem::remove(path);
}

TEST(HttpServer, StreamsInChunksAndCutsABrokenStream) {
    Handler stream = [](Request request) -> Task<Response> {
        const bool breaks = request.target == "/breaks";
        BodyProducer producer = [breaks](BodyWriter& out) -> Task<void> {
            co_await out.write("data: 1\n\n");
            co_await out.write("");
            if (breaks) throw std::runtime_error("broken");
            co_await out.write("data: 2\n\n");
        };
        co_return Response{.headers = {{"Content-Type", "text/event-stream"}}, .body = std::move(producer)};
    };
    with_server({}, std::move(stream), [](std::uint16_t port) -> Task<void> {
        auto client = co_await RawClient::connect(port);
        co_await client.send("GET /x HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.until("0\r\n\r\n"), EndsWith("\r\n\r\n9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\n\r\n"));
        co_await client.send("GET /breaks HTTP/1.1\r\n\r\n");
        EXPECT_THAT(co_await client.rest(), EndsWith("9\r\ndata: 1\n\n\r\n"));
    });
}

TEST(HttpServer, EndsConnectionsWhoseTimeIsOver) {
    ServerConfig config{.head_time = 20ms, .body_time = 20ms, .idle_time = 20ms};
    with_server(config, echo, [](std::uint16_t port) -> Task<void> {
        for (const std::string part : {"", "GET /x HT", "POST /x HTTP/1.1\r\nContent-Length: 5\r\n\r\n123"}) {
            auto client = co_await RawClient::connect(port);
            co_await client.send(part);
            EXPECT_EQ(co_await client.rest(), "") << part;
        }
    });
}

TEST(HttpServer, CancelsTheHandlerWhenThePeerHangsUp) {
    bool cancelled = false;
    run([&]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Signal changed(executor);
        bool entered = false;
        Handler waits = [&](Request) -> Task<Response> {
            entered = true;
            changed.notify();
            try {
                co_await pause(1h);
            } catch (const std::exception& e) {
                cancelled = is_cancelled(e);
                changed.notify();
                throw;
            }
            co_return Response{};
        };
        Server server(executor, {.write_time = 20ms}, std::move(waits));
        auto client = co_await RawClient::connect(server.port());
        co_await client.send("GET /x HTTP/1.1\r\n\r\n");
        while (!entered) co_await changed.wait(Deadline::after(10s));
        client.close();
        while (!cancelled && co_await changed.wait(Deadline::after(10s))) {}
        co_await server.stop(Deadline::after(10s));
    });
    EXPECT_TRUE(cancelled);
}

TEST(HttpServer, StopsAfterRunningRequestsAndAtTheDeadlineWithoutThem) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Signal changed(executor);
        int entered = 0;
        bool go = false;
        Handler waits = [&](Request request) -> Task<Response> {
            ++entered;
            changed.notify();
            while (!go || request.target == "/ever") co_await changed.wait(Deadline::never());
            co_return Response::text(200, "done");
        };
        Server server(executor, {}, std::move(waits));
        auto idle = co_await RawClient::connect(server.port());
        auto quick = co_await RawClient::connect(server.port());
        auto ever = co_await RawClient::connect(server.port());
        co_await quick.send("GET /quick HTTP/1.1\r\n\r\n");
        co_await ever.send("GET /ever HTTP/1.1\r\n\r\n");
        while (entered < 2) co_await changed.wait(Deadline::after(10s));
        asio::post(executor, [&] {
            go = true;
            changed.notify();
        });
        co_await server.stop(Deadline::after(50ms));
        EXPECT_THAT(co_await quick.rest(), testing::AllOf(HasSubstr("Connection: close"), EndsWith("done")));
        EXPECT_EQ(co_await ever.rest(), "");
        EXPECT_EQ(co_await idle.rest(), "");
    });
}

TEST(HttpServer, MakesRoomForNewConnectionsByClosingIdleOnes) {
    with_server({.max_connections = 1}, echo, [](std::uint16_t port) -> Task<void> {
        auto first = co_await RawClient::connect(port);
        co_await first.send("GET /1 HTTP/1.1\r\n\r\n");
        co_await first.until("GET /1 ");
        auto second = co_await RawClient::connect(port);
        co_await second.send("GET /2 HTTP/1.1\r\n\r\n");
        co_await second.until("GET /2 ");
        EXPECT_EQ(co_await first.rest(), "");
    });
}

TEST(HttpServer, RefusesAnAddressItCannotHave) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        for (const std::string address : {"nowhere", "127.0.0.1:", "127.0.0.1:99999", "192.0.2.1:1"})
            EXPECT_THROW(Server(executor, {.address = address}, echo), BadConfig) << address;
    });
}

}  // namespace
}  // namespace persona::http

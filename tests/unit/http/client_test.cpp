#include "http/client.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <fstream>
#include <thread>

#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "http/multipart.hpp"
#include "http/server.hpp"
#include "raw_client.hpp"
#include "support/run.hpp"

namespace persona::http {
namespace {

using testing::HasSubstr;
using testing::Not;
using tcp = asio::ip::tcp;

Task<Response> echo(Request request) {
    Response response = Response::text(200, request.method + " " + request.target + " " + request.body);
    for (const auto& [name, value] : request.headers) response.headers.add("Echo-" + std::string(name), value);
    co_return response;
}

// Every behaviour holds on both ways: around libcurl and through it.
class HttpClient : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Ways, HttpClient, testing::Bool(), [](const auto& way) { return std::string(way.param ? "Plain" : "Curl"); });

ClientConfig way() { return {.plain_path = HttpClient::GetParam()}; }

// Runs `body(client, base url)` against a server with this handler.
template <class F>
void with_server(Handler handler, F body) {
    run([&]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Server server(executor, {.max_body = 64 << 20}, std::move(handler));
        std::exception_ptr error;
        {
            Client client(executor, way());
            try {
                co_await within(Deadline::after(20s), "test", body(client, "http://127.0.0.1:" + std::to_string(server.port())));
            } catch (...) { error = std::current_exception(); }
        }
        co_await server.stop(Deadline::after(0ms));
        if (error) std::rethrow_exception(error);
    });
}

// A peer that does with each connection what the test says.
struct Peer {
    explicit Peer(Executor executor) : acceptor(executor, {asio::ip::make_address("127.0.0.1"), 0}) {}
    std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()); }
    Task<tcp::socket> accept() { co_return co_await acceptor.async_accept(asio::use_awaitable); }
    static Task<std::string> head(tcp::socket& socket) {
        std::string seen;
        char byte;
        while (!seen.ends_with("\r\n\r\n")) {
            co_await asio::async_read(socket, asio::buffer(&byte, 1), asio::use_awaitable);
            seen += byte;
        }
        co_return seen;
    }
    static Task<void> answer(tcp::socket& socket, std::string text) { co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable); }
    tcp::acceptor acceptor;
};

template <class F>
void with_peer(F body) {
    run([&]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Peer peer(executor);
        Client client(executor, way());
        co_await within(Deadline::after(20s), "test", body(peer, client));
    });
}

TEST_P(HttpClient, SendsWhatTheCallSaysAndGivesTheReply) {
    with_server(echo, [](Client& client, std::string url) -> Task<void> {
        for (int i = 0; i < 3; ++i) {
            const auto reply = co_await client.send(
                {.method = "POST", .url = url + "/a?b=1", .headers = {{"X-A", "1"}, {"X-Empty", ""}}, .body = std::string("body")},
                Deadline::after(10s));
            EXPECT_TRUE(reply) << reply.error().detail;
            EXPECT_EQ(reply->status, 200u);
            EXPECT_EQ(reply->body, "POST /a?b=1 body");
            EXPECT_EQ(reply->headers.value("echo-x-a"), "1");
            EXPECT_TRUE(reply->headers.contains("Echo-X-Empty"));
            EXPECT_FALSE(reply->headers.contains("Echo-Expect"));
        }
        struct Case {
            std::string method, body, seen;
        };
        for (const Case& c : {Case{"GET", "", "GET /x "},
                              {"PUT", "p", "PUT /x p"},
                              {"DELETE", "", "DELETE /x "},
                              {"POST", "", "POST /x "},
                              {"HEAD", "", ""},
                              {"POST", std::string(3 << 20, 'x'), "POST /x " + std::string(3 << 20, 'x')}}) {
            const auto reply = co_await client.send({.method = c.method, .url = url + "/x", .body = c.body}, Deadline::after(10s));
            EXPECT_TRUE(reply) << reply.error().detail;
            EXPECT_TRUE(reply->body == c.seen) << c.method;
        }
    });
}

TEST_P(HttpClient, GivesEveryStatusAndFollowsNoRedirect) {
    Handler teapot = [](Request) -> Task<Response> {
        co_return Response{.status = 302, .headers = {{"Location", "/elsewhere"}}, .body = std::string("go")};
    };
    with_server(std::move(teapot), [](Client& client, std::string url) -> Task<void> {
        const auto reply = co_await client.send({.url = url}, Deadline::after(10s));
        EXPECT_EQ(reply->status, 302u);
        EXPECT_EQ(reply->headers.value("location"), "/elsewhere");
    });
}

TEST_P(HttpClient, RunsManyCallsAtOnce) {
    with_server(echo, [](Client& client, std::string url) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        int good = 0;
        for (int i = 0; i < 300; ++i)
            group.spawn("call", [](Client& c, std::string u, int& n) -> Task<void> {
                n += (co_await c.send({.url = u}, Deadline::after(10s))).has_value();
            }(client, url, good));
        EXPECT_TRUE(co_await group.join(Deadline::after(20s)));
        EXPECT_EQ(good, 300);
    });
}

TEST_P(HttpClient, SendsMultipartFromTextFileAndSource) {
    const auto path = std::filesystem::temp_directory_path() / ("persona-part-" + std::to_string(::getpid()));
    std::ofstream(path) << std::string(300'000, 'f');
    Handler check = [](Request request) -> Task<Response> {
        const auto boundary = boundary_of(request.headers.value("Content-Type"));
        const auto parts = parse_multipart(request.body, boundary.value_or("?"));
        std::string out = parts ? "" : parts.error();
        if (parts)
            for (const FormPart& part : *parts)
                out += fmt::format("{}|{}|{}|{};", part.name, part.file_name.value_or("-"), part.type, part.body.size());
        co_return Response::text(200, out);
    };
    with_server(std::move(check), [&](Client& client, std::string url) -> Task<void> {
        std::size_t left = 200'000;
        PartSource source{left, [&left](std::span<char> buffer) {
                              const auto n = std::min(left, buffer.size());
                              std::fill_n(buffer.begin(), n, 's');
                              left -= n;
                              return n;
                          }};
        Call call{.method = "POST", .url = url};
        auto& parts = call.body.emplace<std::vector<Part>>();
        parts.push_back(Part::field("chat_id", "42"));
        parts.push_back({"photo", path, "п\"x.jpg", "image/jpeg"});
        parts.push_back({"voice", std::move(source), "v.ogg", "audio/ogg"});
        const auto reply = co_await client.send(std::move(call), Deadline::after(10s));
        EXPECT_TRUE(reply) << reply.error().detail;
        EXPECT_EQ(reply->body, "chat_id|-||2;photo|п\"x.jpg|image/jpeg|300000;voice|v.ogg|audio/ogg|200000;");
    });
    std::filesystem::remove(path);
}

TEST_P(HttpClient, StreamsA2xxBodyToTheSinkAndKeepsAnErrorsBody) {
    Handler big = [](Request request) -> Task<Response> {
        co_return Response::text(request.target == "/bad" ? 400 : 200, std::string(200'000, 'x'));
    };
    with_server(std::move(big), [](Client& client, std::string url) -> Task<void> {
        std::size_t seen = 0;
        const auto sink = [&](std::string_view bytes) { seen += bytes.size(); };
        const auto good = co_await client.send({.url = url, .sink = sink}, Deadline::after(10s));
        EXPECT_EQ(seen, 200'000u);
        EXPECT_EQ(good->body, "");
        const auto bad = co_await client.send({.url = url + "/bad", .sink = sink}, Deadline::after(10s));
        EXPECT_EQ(seen, 200'000u);
        EXPECT_EQ(bad->body.size(), 200'000u);
        EXPECT_THROW(co_await client.send({.url = url, .sink = [](std::string_view) { throw Corrupt("full"); }}, Deadline::after(10s)), Corrupt);
        const auto cut = co_await client.send({.url = url, .max_response = 199'999}, Deadline::after(10s));
        EXPECT_FALSE(cut);
        EXPECT_EQ(cut.error().kind, Failure::Kind::too_large);
        EXPECT_EQ((co_await client.send({.url = url, .max_response = 200'000}, Deadline::after(10s)))->body.size(), 200'000u);
    });
}

TEST_P(HttpClient, SaysThatNothingWasSent) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Client client(executor, way());
        std::uint16_t closed;
        {
            tcp::acceptor acceptor(executor, {asio::ip::make_address("127.0.0.1"), 0});
            closed = acceptor.local_endpoint().port();
        }
        for (const std::string& url :
             {fmt::format("http://127.0.0.1:{}/bot1:AA/secret", closed), std::string("http://nowhere.invalid/bot1:AA/secret"),
              std::string("ftp://127.0.0.1/secret"), std::string("junk secret")}) {
            const auto reply = co_await client.send({.method = "POST", .url = url, .body = std::string("x")}, Deadline::after(10s));
            EXPECT_FALSE(reply);
            EXPECT_EQ(reply.error().kind, Failure::Kind::not_sent) << url;
            EXPECT_THAT(reply.error().detail, Not(HasSubstr("secret")));
        }
        const auto late = co_await client.send({.url = "http://127.0.0.1/"}, Deadline::after(0s));
        EXPECT_TRUE(late.error().timed_out && late.error().kind == Failure::Kind::not_sent);
    });
}

TEST_P(HttpClient, SaysThatTheOutcomeIsUnknown) {
    with_peer([](Peer& peer, Client& client) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        group.spawn("peer", [](Peer& p) -> Task<void> {
            for (const std::string answer : {"", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"}) {
                auto socket = co_await p.accept();
                co_await Peer::head(socket);
                co_await Peer::answer(socket, answer);
            }
        }(peer));
        for (int i = 0; i < 3; ++i) {
            const auto reply = co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(10s));
            EXPECT_FALSE(reply);
            EXPECT_EQ(reply.error().kind, Failure::Kind::unknown) << i;
            EXPECT_FALSE(reply.error().timed_out);
        }
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
    });
}

TEST_P(HttpClient, EndsAtTheDeadline) {
    with_peer([](Peer& peer, Client& client) -> Task<void> {
        const auto reply = co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(30ms));
        EXPECT_FALSE(reply);
        EXPECT_TRUE(reply.error().timed_out);
        EXPECT_EQ(reply.error().kind, Failure::Kind::unknown);
    });
}

// libcurl by itself would send the POST again when the kept connection dies under it.
TEST_P(HttpClient, NeverRepeatsWhatIsNotSafeTwice) {
    with_peer([](Peer& peer, Client& client) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        int requests = 0;
        group.spawn("peer", [](Peer& p, int& n) -> Task<void> {
            while (n < 5) try {
                    auto socket = co_await p.accept();  // may stay empty: libcurl connects for the repetition that we forbid
                    co_await Peer::head(socket);
                    ++n;
                    co_await Peer::answer(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    if (n == 5) break;
                    co_await Peer::head(socket);  // the second request on the kept connection gets no answer
                    ++n;
                } catch (const boost::system::system_error&) {}
        }(peer, requests));
        EXPECT_TRUE(co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(10s)));
        const auto lost = co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(10s));
        EXPECT_FALSE(lost);
        EXPECT_EQ(lost.error().kind, Failure::Kind::unknown);
        EXPECT_EQ(requests, 2);
        EXPECT_TRUE(co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(10s)));
        EXPECT_TRUE(co_await client.send({.method = "POST", .url = peer.url(), .idempotent = true}, Deadline::after(10s)));
        EXPECT_EQ(requests, 5);
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
    });
}

TEST_P(HttpClient, CancellationEndsTheTransfer) {
    with_peer([](Peer& peer, Client& client) -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        TaskGroup group(executor, "test");
        group.spawn("call", [](Client& c, std::string url) -> Task<void> {
            co_await c.send({.method = "POST", .url = url}, Deadline::after(1h));
            ADD_FAILURE() << "must throw";
        }(client, peer.url()));
        auto socket = co_await peer.accept();
        co_await Peer::head(socket);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
        boost::system::error_code error;
        char byte;
        co_await socket.async_read_some(asio::buffer(&byte, 1), asio::redirect_error(asio::use_awaitable, error));
        EXPECT_TRUE(error) << "the connection of a cut call is not kept";
    });
}

TEST_P(HttpClient, ClosedItLetsTheLoopRunDryLongBeforeADeadline) {
    asio::io_context io(1);
    Client client(io.get_executor(), way());
    const auto talk = [&]() -> Task<void> {
        Server server(io.get_executor(), {}, echo);
        const auto reply = co_await client.send({.url = "http://127.0.0.1:" + std::to_string(server.port())}, Deadline::after(1h));
        EXPECT_TRUE(reply.has_value());
        co_await server.stop(Deadline::after(0ms));
        client.close();
    };
    asio::co_spawn(io, talk(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
    io.run_for(20s);
    EXPECT_TRUE(io.stopped());
}

// The client of a process lives longer than its loop runs, and other servers keep connections open: whoever still waited for
// them, or for the deadline of a call that is over, would never end.
TEST_P(HttpClient, ClosesSoThatTheLoopRunsDryWhileItLives) {
    asio::io_context servers(1), io(1);
    Server server(servers.get_executor(), {}, echo);
    std::thread elsewhere([&] { servers.run(); });
    {
        Client client(io.get_executor(), way());
        const auto ask = [&]() -> Task<void> {
            const Result reply =
                co_await client.send({.url = "http://127.0.0.1:" + std::to_string(server.port())}, Deadline::after(std::chrono::hours(1)));
            EXPECT_TRUE(reply && reply->status == 200);
            client.close();
        };
        asio::co_spawn(io, ask(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
        io.run_for(20s);
        EXPECT_TRUE(io.stopped());
    }
    asio::co_spawn(servers, server.stop(Deadline::after(0ms)), asio::detached);
    elsewhere.join();
}

// A process that must end does not wait for a server that does not answer.
TEST(HttpClientClosed, EndsACallThatIsUnderWay) {
    asio::io_context io(1);
    Client client(io.get_executor(), {.plain_path = true});
    Peer peer(io.get_executor());
    std::optional<Result> ended;
    const auto ask = [&]() -> Task<void> { ended = co_await client.send({.method = "POST", .url = peer.url()}, Deadline::after(1h)); };
    const auto close = [&]() -> Task<void> {
        auto socket = co_await peer.accept();
        co_await Peer::head(socket);
        client.close();
    };
    asio::co_spawn(io, ask(), [](std::exception_ptr error) { EXPECT_TRUE(error) << "cut off, as if cancelled"; });
    asio::co_spawn(io, close(), [](std::exception_ptr error) { EXPECT_FALSE(error); });
    io.run_for(20s);
    EXPECT_TRUE(io.stopped());
    EXPECT_FALSE(ended);
}

TEST_P(HttpClient, SurvivesAServerThatGoesAndComesBack) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Client client(executor, way());
        std::string address = "127.0.0.1:0";
        for (int round = 0; round < 3; ++round) {
            Server server(executor, {.address = address}, echo);
            address = fmt::format("127.0.0.1:{}", server.port());
            const auto reply = co_await client.send({.method = "POST", .url = "http://" + address}, Deadline::after(10s));
            EXPECT_TRUE(reply) << reply.error().detail;
            co_await server.stop(Deadline::after(0ms));
        }
    });
}

}  // namespace
}  // namespace persona::http

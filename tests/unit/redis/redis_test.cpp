#include "redis/redis.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include "async/task_group.hpp"
#include "async/within.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::redis {
namespace {

using testing::ElementsAre;
using tcp = asio::ip::tcp;

Deadline soon() { return Deadline::after(10s); }

Config real_redis() {
    Config config;
    config.endpoint.socket = test::redis_socket();
    config.database = test::redis_database();
    return config;
}

template <class F>
void with_redis(Config config, F body) {
    run([&]() -> Task<void> {
        Redis redis(co_await asio::this_coro::executor, config);
        std::exception_ptr error;
        try {
            co_await within(Deadline::after(30s), "test", body(redis));
        } catch (...) { error = std::current_exception(); }
        co_await redis.stop();
        if (error) std::rethrow_exception(error);
    });
}

// Runs against the real server, connected.
template <class F>
void with_real(F body) {
    with_redis(real_redis(), [&](Redis& redis) -> Task<void> {
        EXPECT_TRUE(co_await redis.wait_connected(soon()));
        co_await body(redis);
    });
}

TEST(Redis, AnswersCommandsOfManyCallersInOrder) {
    with_real([](Redis& redis) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        int good = 0;
        for (int i = 0; i < 200; ++i)
            group.spawn("caller", [](Redis& r, int n, int& sum) -> Task<void> {
                const auto key = "k" + std::to_string(n);
                co_await r.command(Command("SET", key, n), soon());
                sum += (co_await r.command(Command("GET", key), soon())).text == std::to_string(n);
            }(redis, i, good));
        EXPECT_TRUE(co_await group.join(soon()));
        EXPECT_EQ(good, 200);
        EXPECT_TRUE((co_await redis.command(Command("GET", "none"), soon())).is_null());
        const Value all = co_await redis.command(Command("CONFIG", "GET", "maxmemory"), soon());
        EXPECT_EQ(all.kind, Value::Kind::map) << "RESP3 is spoken";
    });
}

TEST(Redis, PipelinesTenThousandCommands) {
    with_real([](Redis& redis) -> Task<void> {
        std::vector<Command> commands;
        for (int i = 0; i < 10'000; ++i) commands.emplace_back("INCR", "n");
        const auto replies = co_await redis.pipeline(std::move(commands), soon());
        EXPECT_EQ(replies.size(), 10'000u);
        for (std::size_t i = 0; i < replies.size(); ++i) EXPECT_EQ(replies[i].number, static_cast<std::int64_t>(i) + 1);
        EXPECT_TRUE((co_await redis.pipeline({}, soon())).empty());
    });
}

TEST(Redis, CarriesLargeBinaryValues) {
    with_real([](Redis& redis) -> Task<void> {
        std::string value(8 << 20, 'x');
        for (std::size_t i = 0; i < value.size(); i += 7) value[i] = static_cast<char>(i);
        co_await redis.command(Command("SET", "big", value), soon());
        EXPECT_TRUE((co_await redis.command(Command("GET", "big"), soon())).text == value);
    });
}

TEST(Redis, TellsRefusalsFromOutages) {
    with_real([](Redis& redis) -> Task<void> {
        co_await redis.command(Command("SET", "text", "x"), soon());
        EXPECT_THROW(co_await redis.command(Command("INCR", "text"), soon()), Refused);
        EXPECT_THROW(co_await redis.command(Command("NONSENSE"), soon()), Refused);
        const auto replies = co_await redis.pipeline({Command("INCR", "text"), Command("GET", "text")}, soon());
        EXPECT_TRUE(replies[0].is_error());
        EXPECT_EQ(replies[1].text, "x");
        const Script oom("oom", "return redis.error_reply('OOM command not allowed')");
        EXPECT_THROW(co_await redis.run(oom, {}, {}, soon()), Unavailable);
    });
}

TEST(Redis, RunsScriptsThatTheServerForgot) {
    with_real([](Redis& redis) -> Task<void> {
        const Script add("add", "return redis.call('INCRBY', KEYS[1], ARGV[1])");
        EXPECT_EQ((co_await redis.run(add, {"n"}, {"5"}, soon())).number, 5);
        EXPECT_EQ((co_await redis.run(add, {"n"}, {"5"}, soon())).number, 10);
        co_await redis.command(Command("SCRIPT", "FLUSH"), soon());
        EXPECT_EQ((co_await redis.run(add, {"n"}, {"5"}, soon())).number, 15);
    });
}

TEST(Redis, WaitsOnAStreamWithoutHoldingUpOthers) {
    with_real([](Redis& redis) -> Task<void> {
        EXPECT_TRUE((co_await redis.read_stream("{jobs}", "$", 10, 5ms, soon())).empty());
        TaskGroup group(co_await asio::this_coro::executor, "test");
        std::vector<StreamEntry> seen;
        group.spawn("reader", [](Redis& r, std::vector<StreamEntry>& out) -> Task<void> {
            out = co_await r.read_stream("{jobs}", "0", 10, 30s, Deadline::after(30s));
        }(redis, seen));
        const auto id = (co_await redis.command(Command("XADD", "{jobs}", "*", "kind", "speech", "n", 7), soon())).text;
        EXPECT_TRUE(co_await group.join(soon()));
        EXPECT_EQ(seen.size(), 1u);
        EXPECT_EQ(seen.at(0).id, id);
        EXPECT_EQ(seen.at(0).field("kind"), "speech");
        EXPECT_EQ(seen.at(0).field("n"), "7");
        EXPECT_TRUE((co_await redis.read_stream("{jobs}", id, 10, 5ms, soon())).empty());
    });
}

TEST(Redis, ACancelledReaderLeavesNothingBehind) {
    with_real([](Redis& redis) -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        TaskGroup group(executor, "test");
        bool ended = false;
        group.spawn("reader", [](Redis& r, bool& end) -> Task<void> {
            struct Mark {
                bool& flag;
                ~Mark() { flag = true; }
            } mark{end};
            co_await r.read_stream("s", "$", 1, 1h, Deadline::after(1h));
        }(redis, ended));
        while (!(co_await redis.command(Command("INFO", "clients"), soon())).text.contains("blocked_clients:1")) {}
        group.cancel();
        EXPECT_TRUE(co_await group.join(soon()));
        EXPECT_TRUE(ended);
        while (!(co_await redis.command(Command("INFO", "clients"), soon())).text.contains("blocked_clients:0")) {}
        EXPECT_TRUE((co_await redis.read_stream("s", "$", 1, 1ms, soon())).empty()) << "the connection has come back";
    });
}

TEST(Redis, PublishesAndHears) {
    with_real([](Redis& redis) -> Task<void> {
        Signal changed(co_await asio::this_coro::executor);
        std::vector<std::string> heard;
        redis.subscribe("news", [&](std::optional<std::string_view> message) {
            heard.emplace_back(message.value_or("(begun)"));
            changed.notify();
        });
        while (heard.empty()) EXPECT_TRUE(co_await changed.wait(soon()));
        EXPECT_EQ((co_await redis.command(Command("PUBLISH", "news", "one"), soon())).number, 1);
        while (heard.size() < 2) EXPECT_TRUE(co_await changed.wait(soon()));
        EXPECT_THAT(heard, ElementsAre("(begun)", "one"));
        redis.unsubscribe("news");
        while ((co_await redis.command(Command("PUBLISH", "news", "two"), soon())).number != 0) {}
        EXPECT_EQ(heard.size(), 2u);
    });
}

TEST(Redis, D17_RecoversWhenTheServerIsKilledAndComesBack) {
    with_real([](Redis& redis) -> Task<void> {
        Signal changed(co_await asio::this_coro::executor);
        int begun = 0;
        redis.subscribe("news", [&](std::optional<std::string_view> message) {
            begun += !message;
            changed.notify();
        });
        while (begun < 1) EXPECT_TRUE(co_await changed.wait(soon()));
        for (int round = 1; round <= 3; ++round) {
            co_await redis.command(Command("SET", "k", round), soon());
            test::redis_kill();
            // Written into a dead socket or refused at once: either way unavailable, and never a wait for the deadline.
            EXPECT_THROW(co_await redis.command(Command("INCR", "k"), Deadline::after(1h)), Unavailable);
            while (redis.connected()) co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            EXPECT_THROW(co_await redis.command(Command("INCR", "k"), Deadline::after(1h)), Unavailable);
            test::redis_start();
            EXPECT_TRUE(co_await redis.wait_connected(soon()));
            EXPECT_TRUE((co_await redis.command(Command("GET", "k"), soon())).is_null()) << "in the same database, empty";
            while (begun < round + 1) EXPECT_TRUE(co_await changed.wait(soon()));
        }
    });
}

// A server that answers the greeting and then does what the test says with each connection.
struct FakeServer {
    explicit FakeServer(Executor executor) : acceptor(executor, {asio::ip::make_address("127.0.0.1"), 0}) {}
    Config config() const {
        Config c;
        c.endpoint = {"127.0.0.1", acceptor.local_endpoint().port(), ""};
        return c;
    }
    Task<tcp::socket> greet(std::string answer = "%0\r\n") {
        auto socket = co_await acceptor.async_accept(asio::use_awaitable);
        co_await until(socket, "persona\r\n");
        co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
        co_return socket;
    }
    static Task<std::string> until(tcp::socket& socket, std::string end) {
        std::string seen;
        co_await asio::async_read_until(socket, asio::dynamic_buffer(seen), end, asio::use_awaitable);
        co_return seen;
    }
    static Task<void> say(tcp::socket& socket, std::string text) { co_await asio::async_write(socket, asio::buffer(text), asio::use_awaitable); }
    tcp::acceptor acceptor;
};

// Runs `server(fake)` beside `client(redis)`.
template <class S, class C>
void with_fake(S server, C client) {
    run([&]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        FakeServer fake(executor);
        TaskGroup group(executor, "test");
        group.spawn("server", server(fake));
        Redis redis(executor, fake.config());
        EXPECT_TRUE(co_await redis.wait_connected(soon()));
        co_await within(Deadline::after(20s), "test", client(redis));
        EXPECT_TRUE(co_await group.join(soon()));
        co_await redis.stop();
    });
}

TEST(Redis, ASlowServerMeetsTheDeadlineAndItsLateReplyDisturbsNobody) {
    with_fake(
        [](FakeServer& fake) -> Task<void> {
            auto socket = co_await fake.greet();
            co_await FakeServer::until(socket, "third\r\n");
            co_await FakeServer::say(socket, "+1\r\n+2\r\n+3\r\n");
            co_await FakeServer::until(socket, "end\r\n");
            co_await FakeServer::say(socket, "+end\r\n");
        },
        [](Redis& redis) -> Task<void> {
            EXPECT_THROW(co_await redis.command(Command("GET", "first"), Deadline::after(5ms)), TimedOut);
            EXPECT_THROW(co_await redis.command(Command("GET", "second"), Deadline::after(5ms)), TimedOut);
            EXPECT_EQ((co_await redis.command(Command("GET", "third"), soon())).text, "3");
            EXPECT_EQ((co_await redis.command(Command("GET", "end"), soon())).text, "end");
        });
}

TEST(Redis, RepeatsALostCommandOnlyWhereThatIsSafe) {
    int asked = 0;
    with_fake(
        [&](FakeServer& fake) -> Task<void> {
            for (const bool answers : {false, false, true}) {
                auto socket = co_await fake.greet();
                co_await FakeServer::until(socket, "k\r\n");
                ++asked;
                if (answers) co_await FakeServer::say(socket, ":1\r\n");
                if (answers) co_await FakeServer::until(socket, "end\r\n");
                if (answers) co_await FakeServer::say(socket, "+end\r\n");
            }
        },
        [&](Redis& redis) -> Task<void> {
            EXPECT_THROW(co_await redis.command(Command("INCR", "k"), soon()), ReplyLost);
            EXPECT_EQ(asked, 1);
            EXPECT_TRUE(co_await redis.wait_connected(soon()));
            EXPECT_EQ((co_await redis.command(Command("GET", "k").idempotent(), soon())).number, 1);
            EXPECT_EQ(asked, 3);
            co_await redis.command(Command("GET", "end"), soon());
        });
}

TEST(Redis, NonsenseFromTheServerEndsTheConnectionNotTheProcess) {
    with_fake(
        [](FakeServer& fake) -> Task<void> {
            for (const std::string nonsense : {"HTTP/1.1 400 Bad Request\r\n", "+fine\r\n+nobody asked\r\n"}) {
                auto socket = co_await fake.greet();
                co_await FakeServer::until(socket, "k\r\n");
                co_await FakeServer::say(socket, nonsense);
            }
            auto socket = co_await fake.greet();
            co_await FakeServer::until(socket, "k\r\n");
            co_await FakeServer::say(socket, "+good\r\n");
            co_await FakeServer::until(socket, "end\r\n");
            co_await FakeServer::say(socket, "+end\r\n");
        },
        [](Redis& redis) -> Task<void> {
            EXPECT_THROW(co_await redis.command(Command("GET", "k"), soon()), ReplyLost);
            EXPECT_TRUE(co_await redis.wait_connected(soon()));
            EXPECT_EQ((co_await redis.command(Command("GET", "k"), soon())).text, "fine");
            std::string reply;
            while (reply != "good") {
                EXPECT_TRUE(co_await redis.wait_connected(soon()));
                try {
                    reply = (co_await redis.command(Command("GET", "k"), soon())).text;
                } catch (const Unavailable&) {  // the second nonsense arrives when it does
                }
            }
            co_await redis.command(Command("GET", "end"), soon());
        });
}

TEST(Redis, AsksAgainWhereThePrimaryIsAfterAFailover) {
    with_fake(
        [](FakeServer& fake) -> Task<void> {
            auto replica = co_await fake.greet();
            co_await FakeServer::until(replica, "v\r\n");
            co_await FakeServer::say(replica, "-READONLY You can't write against a read only replica.\r\n");
            auto primary = co_await fake.greet();
            co_await FakeServer::until(primary, "v\r\n");
            co_await FakeServer::say(primary, "+OK\r\n");
            co_await FakeServer::until(primary, "end\r\n");
            co_await FakeServer::say(primary, "+end\r\n");
        },
        [](Redis& redis) -> Task<void> {
            EXPECT_THROW(co_await redis.command(Command("SET", "k", "v"), soon()), Unavailable);
            EXPECT_TRUE(co_await redis.wait_connected(soon()));
            EXPECT_EQ((co_await redis.command(Command("SET", "k", "v"), soon())).text, "OK");
            co_await redis.command(Command("GET", "end"), soon());
        });
}

TEST(Redis, FailsFastWhileThereIsNoServer) {
    Config config;
    config.endpoint.socket = "/nowhere/redis.sock";
    with_redis(config, [](Redis& redis) -> Task<void> {
        EXPECT_FALSE(redis.connected());
        EXPECT_THROW(co_await redis.command(Command("PING"), Deadline::after(1h)), Unavailable);
        EXPECT_FALSE(co_await redis.wait_connected(Deadline::after(20ms)));
        EXPECT_THROW(co_await redis.command(Command("PING"), Deadline::after(1h)), Unavailable);
    });
}

TEST(Redis, ACancelledCommandThrowsAndTheConnectionLivesOn) {
    with_real([](Redis& redis) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        for (int i = 0; i < 20; ++i)
            group.spawn("caller", [](Redis& r) -> Task<void> {
                while (true) co_await r.command(Command("INCR", "n"), soon());
            }(redis));
        co_await redis.command(Command("PING"), soon());
        group.cancel();
        EXPECT_TRUE(co_await group.join(soon()));
        EXPECT_EQ((co_await redis.command(Command("PING"), soon())).text, "PONG");
    });
}

}  // namespace
}  // namespace persona::redis

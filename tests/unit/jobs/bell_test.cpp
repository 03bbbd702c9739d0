#include "jobs/redis_bell.hpp"
#include "unit/jobs/queue.hpp"

namespace persona::jobs {
namespace {

redis::Config real_redis() {
    redis::Config config;
    config.endpoint.socket = test::redis_socket();
    config.database = test::redis_database();
    return config;
}

// One process's bell, which counts what it hears.
struct Listener {
    Listener(Executor executor, const redis::Config& config) : redis(executor, config), bell(executor, redis, "epoch"), changed(executor) {
        bell.listen("jobs", [this] {
            ++heard;
            changed.notify();
        });
    }
    Task<bool> more_than(int count) {
        while (heard <= count)
            if (!co_await changed.wait(soon())) co_return false;
        co_return true;
    }
    Task<void> stop() {
        co_await bell.stop();
        co_await redis.stop();
    }

    redis::Redis redis;
    RedisBell bell;
    Signal changed;
    int heard = 0;
};

TEST(RedisBell, D17_RingsInOtherProcessesAndWithoutRedisInItsOwn) {
    run([config = real_redis()]() -> Task<void> {
        const auto executor = co_await asio::this_coro::executor;
        Listener here(executor, config), there(executor, config);
        EXPECT_TRUE(co_await here.redis.wait_connected(soon()));
        EXPECT_TRUE(co_await there.more_than(0)) << "a subscription that begins is a reason to look";
        const int before = there.heard;
        for (int i = 0; i < 100; ++i) here.bell.ring("jobs");
        EXPECT_GE(here.heard, 100);
        EXPECT_TRUE(co_await there.more_than(before));

        test::redis_kill();
        const int alone = here.heard;
        here.bell.ring("jobs");
        EXPECT_GT(here.heard, alone);
        const int missed = there.heard;
        test::redis_start();
        EXPECT_TRUE(co_await there.more_than(missed)) << "what was missed is looked for when Redis is back";
        co_await here.stop();
        co_await there.stop();
    });
}

// Redis dies with a job in the queue and one running: both end, nobody rang.
TEST_F(QueueTest, D17_JobsGoOnWhileRedisIsAway) {
    with([config = real_redis()](Queue& queue) -> Task<void> {
        Listener here(queue.executor, config);
        EXPECT_TRUE(co_await here.redis.wait_connected(soon()));
        Signal release(queue.executor);
        Worker& worker = queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                                           if (running.user() == ann) co_await release.wait(soon());
                                           co_return done_with(running, "x");
                                       })}});
        here.bell.listen("jobs", [&] { worker.ring(); });
        const auto running = co_await queue.add(ann, "long");
        here.bell.ring("jobs");
        co_await queue.until(running, ann, State::running);
        test::redis_kill();
        const auto queued = co_await queue.add(bob, "long");
        here.bell.ring("jobs");
        co_await queue.until(queued, bob, State::done);
        release.notify();
        co_await queue.until(running, ann, State::done);
        test::redis_start();
        co_await here.stop();
    });
}

}  // namespace
}  // namespace persona::jobs

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "async/backoff.hpp"
#include "async/cpu_pool.hpp"
#include "async/signal.hpp"
#include "async/task_group.hpp"
#include "async/within.hpp"
#include "support/run.hpp"

namespace persona {

TEST(Within, GivesTheResultOfATaskInTime) {
    EXPECT_EQ(run([]() -> Task<int> { co_return co_await within(Deadline::after(1h), "answer", []() -> Task<int> { co_return 42; }()); }), 42);
}

TEST(Within, EndsATaskThatIsLate) {
    bool ended = false;
    auto late = [&]() -> Task<void> {
        struct Mark {
            bool& flag;
            ~Mark() { flag = true; }
        } mark{ended};
        co_await pause(1h);
    };
    run([&]() -> Task<void> {
        EXPECT_THROW(co_await within(Deadline::after(1ms), "late", late()), TimedOut);
        EXPECT_TRUE(ended);
    });
}

TEST(Within, KeepsTheErrorOfTheTask) {
    run([]() -> Task<void> {
        auto broken = []() -> Task<int> {
            throw Corrupt("broken");
            co_return 0;
        };
        EXPECT_THROW(co_await within(Deadline::after(1h), "broken", broken()), Corrupt);
    });
}

TEST(Signal, WakesEveryWaiterOnce) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Signal signal(executor);
        TaskGroup group(executor, "test");
        int woken = 0;
        for (int i = 0; i < 3; ++i)
            group.spawn("waiter", [](Signal& s, int& n) -> Task<void> { n += co_await s.wait(Deadline::after(1h)); }(signal, woken));
        co_await asio::post(executor, asio::use_awaitable);
        signal.notify();
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
        EXPECT_EQ(woken, 3);
        EXPECT_FALSE(co_await signal.wait(Deadline::after(1ms)));
    });
}

TEST(TaskGroup, CancelEndsEveryTaskAndLaterOnesToo) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        TaskGroup group(executor, "test");
        group.spawn("early", pause(1h));
        co_await asio::post(executor, asio::use_awaitable);
        group.cancel();
        group.spawn("late", pause(1h));
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
    });
}

TEST(TaskGroup, JoinReportsWhatDoesNotEnd) {
    run([]() -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        group.spawn("slow", pause(1h));
        EXPECT_FALSE(co_await group.join(Deadline::after(1ms)));
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
    });
}

TEST(CpuPool, ComesHomeWithResultsAndErrors) {
    CpuPool pool(1);
    run([&]() -> Task<void> {
        const auto home = std::this_thread::get_id();
        auto there = co_await pool.run([] { return std::this_thread::get_id(); });
        EXPECT_TRUE(there != home);
        EXPECT_TRUE(std::this_thread::get_id() == home);
        EXPECT_THROW(co_await pool.run([] { throw Unavailable("x"); }), Unavailable);
    });
}

TEST(Backoff, DoublesUpToItsCeiling) {
    Backoff backoff(100ms, 400ms);
    for (const auto step : {100ms, 200ms, 400ms, 400ms}) {
        const auto wait = backoff.next();
        EXPECT_GE(wait, step / 2);
        EXPECT_LE(wait, step);
    }
}

}  // namespace persona

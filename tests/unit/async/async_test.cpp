#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <future>

#include "async/alarm.hpp"
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

TEST(Signal, WakesTheLongestWaitingAlone) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        Signal signal(executor);
        TaskGroup group(executor, "test");
        std::string woken;
        const auto wait = [](Signal& s, std::string& out, char name, Deadline deadline) -> Task<void> {
            if (co_await s.wait(deadline)) out += name;
        };
        group.spawn("late", wait(signal, woken, 'x', Deadline::after(0ms)));
        for (const char name : {'a', 'b', 'c'}) group.spawn("waiter", wait(signal, woken, name, Deadline::after(1h)));
        co_await pause(5ms);  // x has gone
        for (const auto* expected : {"a", "ab", "abc"}) {
            signal.notify_one();
            co_await asio::post(executor, asio::use_awaitable);
            co_await asio::post(executor, asio::use_awaitable);
            EXPECT_EQ(woken, expected);
        }
        signal.notify_one();  // nobody waits
        EXPECT_TRUE(co_await group.join(Deadline::after(10s)));
    });
}

TEST(Alarm, LooksWhenTheEarliestTimeHasComeAndNotAfterCancel) {
    run([]() -> Task<void> {
        const Executor executor = co_await asio::this_coro::executor;
        int looks = 0;
        Signal looked(executor);
        Alarm alarm(executor, [&] {
            ++looks;
            looked.notify();
        });
        const auto begun = Deadline::Steady::now();
        alarm.by(begun + 1h);
        alarm.by(begun + 5ms);
        alarm.by(begun + 2h);
        EXPECT_TRUE(co_await looked.wait(Deadline::after(10s)));
        EXPECT_EQ(looks, 1);
        EXPECT_GE(Deadline::Steady::now(), begun + 5ms);
        alarm.by(Deadline::Steady::now() + 1ms);
        alarm.cancel();
        EXPECT_FALSE(co_await looked.wait(Deadline::after(20ms)));
        {
            Alarm gone(executor, [&] { ++looks; });
            gone.by(Deadline::Steady::now());
        }
        co_await pause(1ms);
        EXPECT_EQ(looks, 1);
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
    run([]() -> Task<void> {
        CpuPool pool(1);
        const auto home = std::this_thread::get_id();
        auto there = co_await pool.run([] { return std::this_thread::get_id(); });
        EXPECT_TRUE(there != home);
        EXPECT_TRUE(std::this_thread::get_id() == home);
        EXPECT_THROW(co_await pool.run([] { throw Unavailable("x"); }), Unavailable);
    });
}

TEST(CpuPool, TellsWorkThatItsCallerIsCancelled) {
    run([]() -> Task<void> {
        CpuPool pool(1);
        TaskGroup group(co_await asio::this_coro::executor, "test");
        bool stopped = false;
        const auto work = [](CpuPool& threads, bool& flag) -> Task<void> {
            flag = co_await threads.run([](std::stop_token stop) {
                std::promise<void> asked;
                const std::stop_callback ask(stop, [&] { asked.set_value(); });
                return asked.get_future().wait_for(10s) == std::future_status::ready;
            });
        };
        group.spawn("work", work(pool, stopped));
        co_await asio::post(group.executor(), asio::use_awaitable);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(20s)));
        EXPECT_TRUE(stopped);
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

// What happens when workers, leases or servers are lost.
#include <gmock/gmock.h>

#include "async/within.hpp"
#include "unit/jobs/queue.hpp"

namespace persona::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr postgres::Query lose_leases{"test.lose", "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'"};
constexpr postgres::Query rescue{"test.rescue", "SELECT job_rescue()"};

// A worker that notices nothing and, with one job, has no place for another.
WorkerConfig deaf_and_full() {
    WorkerConfig out = quick();
    out.heartbeat = out.lease = out.poll = 1h;
    out.parallel = 1;
    return out;
}

TEST_F(QueueTest, TheResultOfALostLeaseIsDropped) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        Signal release(queue.executor);
        bool first_ended = false;
        const WorkerConfig deaf = deaf_and_full();
        Worker& slow = queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                                         co_await release.wait(soon());
                                         first_ended = true;
                                         co_return done_with(running, "slow");
                                     })}},
                                   deaf);
        co_await queue.until(id, ann, State::running);
        co_await queue.act(lose_leases);
        co_await queue.act(rescue);
        queue.start({{"long", does([](Running& running) -> Task<Ending> {
                          EXPECT_EQ(running.attempt(), 2);
                          co_return done_with(running, "quick");
                      })}});
        co_await queue.until(id, ann, State::done);
        release.notify();
        EXPECT_TRUE(co_await slow.drain(soon()));
        EXPECT_TRUE(first_ended);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("quick"));
    });
}

TEST_F(QueueTest, APieceOfALostLeaseIsRefusedAndTheRunEnds) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        Signal release(queue.executor);
        bool stopped = false;
        const WorkerConfig deaf = deaf_and_full();
        Worker& slow = queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                                         co_await release.wait(soon());
                                         try {
                                             co_await running.keep_piece(0, "late");
                                         } catch (const std::exception& e) {
                                             stopped = is_cancelled(e) && running.cancelled();
                                             throw;
                                         }
                                         co_return done_with(running, "late");
                                     })}},
                                   deaf);
        co_await queue.until(id, ann, State::running);
        co_await queue.act(lose_leases);
        co_await queue.act(rescue);
        release.notify();
        EXPECT_TRUE(co_await slow.drain(soon()));
        EXPECT_TRUE(stopped);
        EXPECT_THAT(co_await results(queue.pool), IsEmpty());
        EXPECT_EQ((co_await status(queue.pool, id, ann, soon()))->state, State::queued);
    });
}

TEST_F(QueueTest, ALostLeaseIsNoticedByTheHeartbeat) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        int runs = 0;
        queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                          if (++runs == 1) co_await pause(1h);
                          co_return done_with(running, "second");
                      })}});
        co_await queue.until(id, ann, State::running);
        co_await queue.act(lose_leases);
        co_await queue.act(rescue);
        co_await queue.until(id, ann, State::done);
        EXPECT_EQ(runs, 2);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("second"));
    });
}

TEST_F(QueueTest, AJobThatKillsItsWorkersIsGivenUpWithoutRunning) {
    static constexpr postgres::Query poison{"test.poison", "UPDATE jobs SET attempts = 3"};
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "poison");
        co_await queue.act(poison);
        Handler handler = never_called();
        handler.give_up = named_failure;
        queue.start({{"poison", handler}});
        co_await queue.until(id, ann, State::dead);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 1"));
    });
}

TEST_F(QueueTest, D16_DrainFinishesWhatItCanAndPutsTheRestBackToBeContinued) {
    with([](Queue& queue) -> Task<void> {
        const auto brief = co_await queue.add(ann, "brief"), endless = co_await queue.add(bob, "endless");
        Signal release(queue.executor), kept(queue.executor);
        const std::map<std::string, Handler> handlers{{"brief", does([&](Running& running) -> Task<Ending> {
                                                           co_await release.wait(soon());
                                                           co_return done_with(running, "brief");
                                                       })},
                                                      {"endless", does([&](Running& running) -> Task<Ending> {
                                                           EXPECT_EQ(running.attempt(), 1);  // a drain is no failed try
                                                           if ((co_await running.pieces()).contains(0)) co_return done_with(running, "continued");
                                                           co_await running.keep_piece(0, "half");
                                                           kept.notify();
                                                           co_await pause(1h);
                                                           co_return done_with(running, "from the start");
                                                       })}};
        Worker& old = queue.start(handlers);
        EXPECT_TRUE(co_await kept.wait(soon()));
        co_await queue.until(brief, ann, State::running);
        queue.group.spawn("release", [](Queue& of, Signal& by) -> Task<void> {
            co_await of.add(eve, "brief");  // comes too late for the old worker
            by.notify();
        }(queue, release));
        const auto began = Deadline::Steady::now();
        EXPECT_FALSE(co_await old.drain(Deadline::after(300ms)));
        EXPECT_LT(Deadline::Steady::now() - began, 2s);
        EXPECT_EQ(old.running(), 0u);
        EXPECT_EQ((co_await status(queue.pool, brief, ann, soon()))->state, State::done);
        EXPECT_EQ((co_await status(queue.pool, endless, bob, soon()))->state, State::queued);
        EXPECT_EQ((co_await active(queue.pool, eve, soon())).at(0).state, State::queued);
        queue.start(handlers);
        co_await queue.until(endless, bob, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("brief", "continued"));
        const auto last = (co_await active(queue.pool, eve, soon())).at(0).id;
        co_await queue.until(last, eve, State::running);
        release.notify();
        co_await queue.until(last, eve, State::done);
    });
}

TEST_F(QueueTest, ACancelledWorkerStopsAndLeavesItsJobsToTheSweep) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "endless");
        {
            TaskGroup process(queue.executor, "test");
            Worker killed(queue.executor, queue.pool, queue.vault, {{"endless", does([](Running&) -> Task<Ending> {
                                                                         co_await pause(1h);
                                                                         co_return Done{};
                                                                     })}},
                          quick());
            process.spawn("worker", killed.run());
            co_await queue.until(id, ann, State::running);
            process.cancel();
            EXPECT_TRUE(co_await process.join(soon()));
        }
        EXPECT_EQ((co_await status(queue.pool, id, ann, soon()))->state, State::running);
        co_await queue.act(lose_leases);
        queue.start({{"endless", does([](Running& running) -> Task<Ending> { co_return done_with(running, "again"); })}});
        co_await queue.until(id, ann, State::done);
    });
}

// No bell ever rings here: what Redis would have told is found by looking.
TEST_F(QueueTest, D17_WithoutABellJobsAreFoundCancelledAndRescuedAllTheSame) {
    with([](Queue& queue) -> Task<void> {
        queue.start({{"echo", does([](Running& running) -> Task<Ending> { co_return done_with(running, "found"); })},
                     {"long", does([](Running&) -> Task<Ending> {
                          co_await pause(1h);
                          co_return Done{};
                      })}});
        const auto first = co_await queue.add(ann, "echo");
        co_await queue.until(first, ann, State::done);
        const auto second = co_await queue.add(ann, "long");
        co_await queue.until(second, ann, State::running);
        co_await queue.ask_cancel(second, ann);
        co_await queue.until(second, ann, State::cancelled);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("found", "failure 0"));
    });
}

TEST_F(QueueTest, ADatabaseThatWasKilledIsUsedAgainWithoutARestart) {
    with([](Queue& queue) -> Task<void> {
        const auto running = co_await queue.add(ann, "long");
        Signal release(queue.executor);
        queue.start({{"long", does([&](Running& job) -> Task<Ending> {
                          co_await release.wait(soon());
                          co_return done_with(job, "survived");
                      })}});
        co_await queue.until(running, ann, State::running);
        test::postgres_kill();
        release.notify();
        test::postgres_start();
        co_await queue.until(running, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("survived"));
        const auto later = co_await queue.add(bob, "long");
        co_await queue.until(later, bob, State::running);
        release.notify();
        co_await queue.until(later, bob, State::done);
    });
}

}  // namespace
}  // namespace persona::jobs

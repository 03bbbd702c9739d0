#include "jobs/worker.hpp"

#include <gmock/gmock.h>

#include "async/within.hpp"
#include "unit/jobs/queue.hpp"

namespace persona::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(QueueTest, RunsAJobWithItsArgumentsAndCommitsItsEnd) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "echo", {{"text", "hello"}});
        bool told = false;
        queue.start({{"echo", does([&](Running& running) -> Task<Ending> {
                          EXPECT_EQ(running.user(), ann);
                          EXPECT_EQ(running.attempt(), 1);
                          Done done = done_with(running, running.args().at("text").as_string());
                          done.committed = [&](const postgres::Committed& rows) { told = rows.size() == 2; };
                          co_return done;
                      })}});
        co_await queue.until(id, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("hello"));
        EXPECT_TRUE(told);
        EXPECT_THAT(co_await active(queue.pool, ann, soon()), IsEmpty());
    });
}

TEST_F(QueueTest, ArgumentsAreSealed) {
    static constexpr postgres::Query raw{"test.raw", "SELECT count(*) FROM jobs WHERE position('hello'::bytea IN args) > 0"};
    with([](Queue& queue) -> Task<void> {
        co_await queue.add(ann, "echo", {{"text", "hello"}});
        EXPECT_EQ((co_await queue.pool.read(soon(), raw)).value<int>(), 0);
    });
}

TEST_F(QueueTest, TriesAgainAndGivesUpAfterTheLastTry) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "fails");
        int tries = 0;
        queue.start({{"fails", does([&](Running& running) -> Task<Ending> {
                          EXPECT_EQ(running.attempt(), ++tries);
                          if (tries == 2) co_return Again{1ms, "told"};
                          throw Error("thrown");
                      })}});
        co_await queue.until(id, ann, State::dead);
        EXPECT_EQ(tries, 3);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 1"));
    });
}

TEST_F(QueueTest, ASnoozeIsNoTry) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "polls");
        int runs = 0;
        queue.start({{"polls", does([&](Running& running) -> Task<Ending> {
                          EXPECT_EQ(running.attempt(), 1);
                          if (++runs <= 5) co_return Snooze{1ms};
                          co_return done_with(running, "ready");
                      })}});
        co_await queue.until(id, ann, State::done);
        EXPECT_EQ(runs, 6);
    });
}

TEST_F(QueueTest, AQueuedJobIsCancelledWithoutRunning) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "echo");
        co_await queue.ask_cancel(id, ann);
        Handler handler = never_called();
        handler.give_up = named_failure;
        queue.start({{"echo", handler}});
        co_await queue.until(id, ann, State::cancelled);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 0"));
    });
}

TEST_F(QueueTest, AnotherUserCannotCancel) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "echo");
        postgres::Work work;
        const auto slot = cancel(work, id, bob);
        const auto result = co_await queue.pool.commit(std::move(work), soon());
        EXPECT_FALSE(result->at(slot).value<bool>());
        EXPECT_EQ(co_await status(queue.pool, id, bob, soon()), std::nullopt);
        EXPECT_FALSE((co_await status(queue.pool, id, ann, soon()))->cancelling);
    });
}

TEST_F(QueueTest, ARunningJobIsCancelledAtTheRing) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        WorkerConfig slow = quick();
        slow.heartbeat = slow.lease = 1h;  // nothing but the ring can bring it
        Worker& worker = queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                                           const auto watch = running.watch();
                                           EXPECT_FALSE(watch());
                                           try {
                                               co_await pause(1h);
                                           } catch (const std::exception&) {
                                               EXPECT_TRUE(running.cancelled() && watch());
                                               throw;
                                           }
                                           co_return Done{};
                                       })}},
                                     slow);
        co_await queue.until(id, ann, State::running);
        co_await queue.ask_cancel(id, ann);
        worker.ring();
        co_await queue.until(id, ann, State::cancelled);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 0"));
    });
}

TEST_F(QueueTest, ACancelWinsOverAResultThatDidNotKnowOfIt) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        WorkerConfig deaf = quick();
        deaf.heartbeat = deaf.lease = 1h;  // and nobody rings
        queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                          co_await queue.ask_cancel(running.id(), ann);
                          EXPECT_FALSE(running.cancelled());
                          co_return done_with(running, "a result");
                      })}},
                    deaf);
        co_await queue.until(id, ann, State::cancelled);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 0"));
    });
}

TEST_F(QueueTest, AResultThatKnowsOfTheCancelIsKept) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                          try {
                              co_await queue.ask_cancel(running.id(), ann);
                              co_await pause(1h);
                          } catch (const std::exception&) { EXPECT_TRUE(running.cancelled()); }
                          co_return done_with(running, "what there is");
                      })}});
        co_await queue.until(id, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("what there is"));
    });
}

TEST_F(QueueTest, ACancelledJobDoesNotHoldUpTheUsersNext) {
    with([](Queue& queue) -> Task<void> {
        const auto first = co_await queue.add(ann, "long"), second = co_await queue.add(ann, "long"), third = co_await queue.add(ann, "long");
        Signal release(queue.executor);
        queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                          if (running.id() == first) co_await release.wait(soon());
                          co_return done_with(running, running.id() == first ? "first" : "later");
                      })}});
        co_await queue.until(first, ann, State::running);
        co_await queue.ask_cancel(second, ann);
        co_await queue.until(second, ann, State::cancelled);
        EXPECT_EQ((co_await status(queue.pool, third, ann, soon()))->state, State::queued);
        release.notify();
        co_await queue.until(third, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 0", "first", "later"));
    });
}

TEST_F(QueueTest, PiecesOfAFailedTryAreNotRepeated) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "pieces");
        std::vector<int> made;
        queue.start({{"pieces", does([&](Running& running) -> Task<Ending> {
                          auto have = co_await running.pieces();
                          for (int piece = 0; piece < 4; ++piece) {
                              if (have.contains(piece)) continue;
                              if (piece == 2 && running.attempt() == 1) throw Error("the recogniser is away");
                              made.push_back(piece);
                              have[piece] = "part " + std::to_string(piece);
                              co_await running.keep_piece(piece, have[piece]);
                              running.progress(piece + 1, 4);
                          }
                          std::string text;
                          for (const auto& [number, part] : have) text += part + ";";
                          co_return done_with(running, text);
                      })}});
        co_await queue.until(id, ann, State::done);
        EXPECT_THAT(made, ElementsAre(0, 1, 2, 3));
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("part 0;part 1;part 2;part 3;"));
        static constexpr postgres::Query left{"test.left", "SELECT count(*) FROM job_pieces"};
        EXPECT_EQ((co_await queue.pool.read(soon(), left)).value<int>(), 0);
    });
}

TEST_F(QueueTest, ProgressIsSeenByTheDialogue) {
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "long");
        Signal release(queue.executor);
        queue.start({{"long", does([&](Running& running) -> Task<Ending> {
                          running.progress(3, 7);
                          co_await release.wait(soon());
                          co_return Done{};
                      })}});
        for (const Deadline deadline = soon(); !deadline.passed();) {
            const auto now = co_await status(queue.pool, id, ann, soon());
            if (now->done == 3 && now->all == 7 && now->started_at) break;
            co_await queue.changed.wait(Deadline::after(5ms));
        }
        EXPECT_EQ((co_await active(queue.pool, ann, soon())).at(0).done, 3);
        release.notify();
        co_await queue.until(id, ann, State::done);
    });
}

TEST_F(QueueTest, ARefusedEndingIsGivenUpAndNothingOfItHappens) {
    static constexpr postgres::Query no_hold{"test.no_hold", "SELECT wallet_capture(gen_random_uuid(), 1, 'x')"};
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "unpaid");
        queue.start({{"unpaid", does([&](Running& running) -> Task<Ending> {
                          Done done = done_with(running, "must not be seen");
                          done.work.add(no_hold);
                          co_return done;
                      })}});
        co_await queue.until(id, ann, State::dead);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 2"));
    });
}

TEST_F(QueueTest, AJobThatDoesNotOpenIsOnlyDecided) {
    static constexpr postgres::Query spoil{"test.spoil", "UPDATE jobs SET args = set_byte(args, 30, 255 - get_byte(args, 30))"};
    with([](Queue& queue) -> Task<void> {
        const auto id = co_await queue.add(ann, "echo", {{"text", "hello"}});
        co_await queue.act(spoil);
        Handler handler = never_called();
        handler.give_up = [](Running& running, Failure why) -> Task<Final> {
            EXPECT_TRUE(running.args().is_null());
            co_return co_await named_failure(running, why);
        };
        queue.start({{"echo", handler}});
        co_await queue.until(id, ann, State::dead);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("failure 3"));
    });
}

}  // namespace
}  // namespace persona::jobs

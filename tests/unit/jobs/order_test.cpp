// Who comes next, and how many at once.
#include <gmock/gmock.h>

#include <boost/asio/post.hpp>
#include <random>

#include "jobs/bell.hpp"
#include "jobs/course.hpp"
#include "unit/jobs/queue.hpp"

namespace persona::jobs {
namespace {

using testing::ElementsAre;

// One at a time, so that the order of claims is the order of results.
WorkerConfig single() {
    WorkerConfig out = quick();
    out.parallel = 1;
    return out;
}
Handler tells_its_name() {
    return does([](Running& running) -> Task<Ending> { co_return done_with(running, running.args().as_string()); });
}

TEST_F(QueueTest, UsersTakeTurnsWithinAPriority) {
    with([](Queue& queue) -> Task<void> {
        JobId last;
        for (const char* name : {"a1", "a2", "a3"}) last = co_await queue.add(ann, "name", name);
        co_await queue.add(bob, "name", "b1");
        co_await queue.add(eve, "name", "urgent", -1);
        queue.start({{"name", tells_its_name()}}, single());
        co_await queue.until(last, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("urgent", "a1", "b1", "a2", "a3"));
    });
}

TEST_F(QueueTest, WhoWouldJoinTheLineIsToldHowManyAreAhead) {
    with([](Queue& queue) -> Task<void> {
        EXPECT_EQ(co_await ahead(queue.pool, ann, "name", soon()), 0);
        for (const char* name : {"a1", "a2", "a3"}) co_await queue.add(ann, "name", name);
        co_await queue.add(bob, "other", "elsewhere");
        EXPECT_EQ(co_await ahead(queue.pool, ann, "name", soon()), 3);
        EXPECT_EQ(co_await ahead(queue.pool, bob, "name", soon()), 2) << "his first turn is taken by the other work";
        co_await queue.add(bob, "name", "b1");
        EXPECT_EQ(co_await ahead(queue.pool, bob, "name", soon()), 4);
        EXPECT_EQ(co_await ahead(queue.pool, eve, "name", soon()), 1) << "after one of ann's it is her turn";
    });
}

TEST_F(QueueTest, WhatWasTakenBackDoesNotCostItsOwnerHisTurn) {
    with([](Queue& queue) -> Task<void> {
        std::vector<JobId> back;
        for (const char* name : {"a1", "a2", "a3"}) back.push_back(co_await queue.add(ann, "name", name));
        for (const JobId id : back) co_await queue.ask_cancel(id, ann);
        Handler handler = tells_its_name();
        handler.give_up = [](Running&, Failure) -> Task<Final> { co_return Final{}; };
        Worker& worker = queue.start({{"name", handler}}, single());
        for (const JobId id : back) co_await queue.until(id, ann, State::cancelled);
        EXPECT_TRUE(co_await worker.drain(soon()));
        for (const char* name : {"b1", "b2"}) co_await queue.add(bob, "name", name);
        EXPECT_EQ(co_await ahead(queue.pool, ann, "name", soon()), 1) << "after one of bob's";
    });
}

// The place that a person is shown is the number of jobs that are really claimed before theirs.
TEST_F(QueueTest, ThePlaceShownIsTheOrderOfClaims) {
    static constexpr postgres::Query places{"test.places", "SELECT id FROM job_places ORDER BY place"};
    with([](Queue& queue) -> Task<void> {
        std::minstd_rand random(17);
        for (int i = 0; i < 40; ++i) co_await queue.add(UserId(1 + random() % 3), "name", "", 0);
        std::vector<JobId> expected, claimed;
        for (const auto row : co_await queue.pool.read(soon(), places)) expected.push_back(row.get<JobId>(0));
        queue.start({{"name", does([&](Running& running) -> Task<Ending> {
                          claimed.push_back(running.id());
                          queue.changed.notify();
                          co_return Done{};
                      })}},
                    single());
        while (claimed.size() < 40 && co_await queue.changed.wait(soon())) {}
        EXPECT_EQ(claimed, expected);
    });
}

// A job that stands until it is let go.
Handler stands(std::shared_ptr<Signal> go) {
    return does([go](Running& running) -> Task<Ending> {
        co_await go->wait(soon());
        co_return done_with(running, running.args().as_string());
    });
}

Task<JobId> add_units(Queue& queue, UserId user, std::string name, std::int64_t units) {
    const JobId id(Uuid::v7());
    postgres::Work work;
    enqueue(work, {.id = id, .user = user, .kind = "name", .args = boost::json::value(name), .topic = name, .units = units},
            co_await queue.vault.key_of(user, soon()));
    EXPECT_TRUE(co_await queue.pool.commit(std::move(work), soon()));
    co_return id;
}

Task<std::string> told(Queue& queue) {
    std::string out;
    for (const Waiting& waiting : co_await line(queue.pool, "name", 10, soon())) {
        postgres::Work work;
        tell_place(work, waiting.id, waiting.place);
        EXPECT_TRUE(co_await queue.pool.commit(std::move(work), soon()));
        out += waiting.topic + ":" + std::to_string(waiting.place) + " ";
    }
    co_return out;
}

TEST_F(QueueTest, TheLineIsToldWhereItMovedAndOnce) {
    with([](Queue& queue) -> Task<void> {
        const auto go = std::make_shared<Signal>(queue.executor);
        queue.start({{"name", stands(go)}}, single());
        const auto first = co_await add_units(queue, ann, "a", 1000);
        co_await queue.until(first, ann, State::running);
        const auto second = co_await add_units(queue, bob, "b", 3000);
        co_await add_units(queue, eve, "c", 1000);
        EXPECT_EQ(co_await told(queue), "b:0 c:1 ");
        EXPECT_EQ(co_await told(queue), "");
        go->notify();
        co_await queue.until(second, bob, State::running);
        const auto waiting = co_await line(queue.pool, "name", 10, soon());
        EXPECT_EQ(waiting.size(), 1u);
        EXPECT_TRUE(waiting.at(0).wait && waiting[0].wait->count() > 0) << "one has ended: there is a pace";
        EXPECT_EQ(co_await told(queue), "c:0 ");
        // One that runs is not told of a place.
        postgres::Work work;
        tell_place(work, second, 0);
        const auto refused = co_await queue.pool.commit(std::move(work), soon());
        EXPECT_EQ(refused ? "told" : refused.error().code, "PS022");
        for (const JobId id : {second, waiting[0].id}) {
            const UserId user = id == second ? bob : eve;
            while ((co_await status(queue.pool, id, user, soon()))->state != State::done) {
                go->notify();
                co_await queue.changed.wait(Deadline::after(5ms));
            }
        }
    });
}

TEST_F(QueueTest, EndedJobsAreForgottenAfterTheirTime) {
    with([](Queue& queue) -> Task<void> {
        const auto old = co_await queue.add(ann, "name", "old");
        queue.start({{"name", tells_its_name()}});
        co_await queue.until(old, ann, State::done);
        static constexpr postgres::Query age{"test.age", "UPDATE jobs SET ended_at = now() - interval '31 days'"};
        co_await queue.act(age);
        const auto fresh = co_await queue.add(ann, "name", "fresh");
        co_await queue.until(fresh, ann, State::done);
        EXPECT_EQ(co_await forget(queue.pool, std::chrono::days(30), soon()), 1);
        EXPECT_EQ(co_await forget(queue.pool, std::chrono::days(30), soon()), 0);
        EXPECT_FALSE(co_await status(queue.pool, old, ann, soon()));
        EXPECT_TRUE(co_await status(queue.pool, fresh, ann, soon()));
    });
}

TEST_F(QueueTest, APersonSeesHowManyComeBefore) {
    with([](Queue& queue) -> Task<void> {
        co_await queue.add(ann, "name", "");
        co_await queue.add(ann, "name", "");
        co_await queue.add(bob, "name", "");
        EXPECT_EQ((co_await active(queue.pool, bob, soon())).at(0).place, 1);
        const auto anns = co_await active(queue.pool, ann, soon());
        EXPECT_EQ(anns.at(0).place, 0);
        EXPECT_EQ(anns.at(1).place, 2);
    });
}

TEST_F(QueueTest, NoMoreRunAtOnceThanAllowedAndOnlyOneOfAKindPerUser) {
    with([](Queue& queue) -> Task<void> {
        int now = 0, most = 0, now_narrow = 0, most_narrow = 0, ended = 0;
        std::map<UserId, int> of_user;
        const auto body = [&](Running& running, bool narrow) -> Task<Ending> {
            most = std::max(most, ++now);
            if (narrow) most_narrow = std::max(most_narrow, ++now_narrow);
            EXPECT_LE(++of_user[running.user()], 2) << "one of each kind";
            queue.changed.notify();
            while (most < 3 && co_await queue.changed.wait(soon())) {}
            --now, --of_user[running.user()], now_narrow -= narrow, ++ended;
            co_return Done{};
        };
        for (int i = 0; i < 8; ++i)
            for (const UserId user : {ann, bob, eve}) co_await queue.add(user, i % 2 ? "wide" : "narrow");
        WorkerConfig config = quick();
        config.parallel = 3;
        Handler wide = does([&](Running& running) { return body(running, false); }),
                narrow = does([&](Running& running) { return body(running, true); });
        narrow.parallel = 1;
        queue.start({{"wide", wide}, {"narrow", narrow}}, config);
        for (const Deadline deadline = soon(); ended < 24 && !deadline.passed();) co_await queue.changed.wait(Deadline::after(5ms));
        EXPECT_EQ(ended, 24);
        EXPECT_EQ(most, 3);
        EXPECT_EQ(most_narrow, 1);
    });
}

TEST_F(QueueTest, TwoWorkersShareAQueueAndEachJobRunsOnce) {
    with([](Queue& queue) -> Task<void> {
        std::map<JobId, int> runs;
        const Handler counts = does([&](Running& running) -> Task<Ending> {
            ++runs[running.id()];
            co_return done_with(running, "x");
        });
        for (int worker = 0; worker < 3; ++worker) queue.start({{"count", counts}});
        for (int i = 0; i < 20; ++i)
            for (const UserId user : {ann, bob, eve}) co_await queue.add(user, "count");
        for (const Deadline deadline = soon(); (co_await results(queue.pool)).size() < 60 && !deadline.passed();) queue.workers[0]->ring();
        EXPECT_EQ(runs.size(), 60u);
        for (const auto& [id, count] : runs) EXPECT_EQ(count, 1);
    });
}

TEST_F(QueueTest, ARingIsHeardAtOnce) {
    with([](Queue& queue) -> Task<void> {
        WorkerConfig asleep = quick();
        asleep.poll = 1h;
        Worker& worker = queue.start({{"name", tells_its_name()}}, asleep);
        co_await queue.changed.wait(Deadline::after(1ms));  // it has looked once and waits
        LocalBell bell;
        bell.listen("jobs", [&] { worker.ring(); });
        bell.ring("another");
        const auto id = co_await queue.add(ann, "name", "heard");
        bell.ring("jobs");
        co_await queue.until(id, ann, State::done);
    });
}

TEST(Backoff, DoublesUpToItsCeilingWithinASpread) {
    const WorkerConfig config{.first_backoff = 1000ms, .most_backoff = 10'000ms};
    const Millis ceilings[] = {1000ms, 2000ms, 4000ms, 8000ms, 10'000ms, 10'000ms};
    for (int attempt = 1; attempt <= 6; ++attempt)
        for (int i = 0; i < 50; ++i) {
            const auto wait = backoff(config, attempt);
            EXPECT_GE(wait, ceilings[attempt - 1] / 2);
            EXPECT_LE(wait, ceilings[attempt - 1]);
        }
}

}  // namespace
}  // namespace persona::jobs

// Coins and jobs together: whatever happens to the worker, paid work is decided once.
#include <gmock/gmock.h>

#include "async/within.hpp"
#include "studio/wallet/wallet.hpp"
#include "unit/jobs/queue.hpp"

namespace persona::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct PaidJob : testing::Test {
    std::string dsn = test::postgres_dsn();
    const Coins price = *Coins::parse("5");

    void with(auto body) {
        run([&]() -> Task<void> {
            static constexpr postgres::Query table{"test.table", "CREATE TABLE results (n bigserial, job uuid, body text)"};
            Queue queue(co_await asio::this_coro::executor, dsn);
            co_await queue.fill(*Coins::parse("12"));
            co_await queue.act(table);
            co_await body(queue);
            EXPECT_THAT(co_await wallet::verify(queue.pool, soon()), IsEmpty());
            co_await queue.close();
        });
    }
    // The accept of paid work: hold and job in one Work.
    Task<JobId> order(Queue& queue) {
        const JobId id(Uuid::v7());
        const OperationId operation(id.value);
        postgres::Work work;
        wallet::hold(work, ann, operation, price, "test");
        enqueue(work, {.id = id, .user = ann, .kind = "paid", .args = nullptr, .operation = operation}, co_await queue.vault.key_of(ann, soon()));
        const auto result = co_await queue.pool.commit(std::move(work), soon());
        if (!result) throw Error("refused: " + result.error().code);
        co_return id;
    }
    static Done paid(Running& running, std::string_view text, Coins amount) {
        Done done = done_with(running, text);
        wallet::capture(done.work, *running.operation(), amount, "test");
        return done;
    }
    static Task<Final> unpaid(Running& running, Failure) {
        postgres::Work work;
        wallet::void_hold(work, *running.operation(), "failed");
        co_return Final(std::move(work));
    }
    static Task<void> expect(Queue& queue, std::string_view coins) {
        const auto now = co_await wallet::balance(queue.pool, ann, soon());
        EXPECT_EQ(now.coins.text(), coins);
        EXPECT_EQ(now.held, Coins());
    }
};

TEST_F(PaidJob, P14_AWorkerKilledBetweenHoldAndResultIsReplacedAndTheWorkIsPaidOnce) {
    static constexpr postgres::Query lose{"test.lose", "UPDATE jobs SET lease_until = now() - interval '1 second' WHERE state = 'running'"};
    with([this](Queue& queue) -> Task<void> {
        const JobId id = co_await order(queue);
        {
            TaskGroup process(queue.executor, "test");
            Worker killed(queue.executor, queue.pool, queue.vault,
                          {{"paid",
                            {.run = [](Running&) -> Task<Ending> {
                                 co_await pause(1h);
                                 co_return Done{};
                             },
                             .give_up = unpaid}}},
                          quick());
            process.spawn("worker", killed.run());
            co_await queue.until(id, ann, State::running);
            process.cancel();
            EXPECT_TRUE(co_await process.join(soon()));
        }
        co_await queue.act(lose);
        queue.start({{"paid", {.run = [this](Running& running) -> Task<Ending> { co_return paid(running, "result", price); }, .give_up = unpaid}}});
        co_await queue.until(id, ann, State::done);
        EXPECT_THAT(co_await results(queue.pool), ElementsAre("result"));
        co_await expect(queue, "7.00");
    });
}

TEST_F(PaidJob, P14_WorkThatNeverSucceedsCostsNothing) {
    with([this](Queue& queue) -> Task<void> {
        const JobId id = co_await order(queue);
        queue.start({{"paid",
                      {.run = [](Running&) -> Task<Ending> {
                           throw Error("broken");
                           co_return Done{};
                       },
                       .give_up = unpaid}}});
        co_await queue.until(id, ann, State::dead);
        co_await expect(queue, "12.00");
    });
}

TEST_F(PaidJob, P10_AResultWhoseHoldWasVoidedElsewhereIsNotDelivered) {
    with([this](Queue& queue) -> Task<void> {
        const JobId id = co_await order(queue);
        postgres::Work elsewhere;
        wallet::void_hold(elsewhere, OperationId(id.value), "by an operator");
        EXPECT_TRUE(co_await queue.pool.commit(std::move(elsewhere), soon()));
        queue.start({{"paid", {.run = [this](Running& running) -> Task<Ending> { co_return paid(running, "free", price); }, .give_up = unpaid}}});
        co_await queue.until(id, ann, State::dead);
        EXPECT_THAT(co_await results(queue.pool), IsEmpty());
        co_await expect(queue, "12.00");
    });
}

TEST_F(PaidJob, P12_WorkThatCannotBePaidIsNotQueued) {
    with([this](Queue& queue) -> Task<void> {
        co_await order(queue);
        co_await order(queue);
        bool refused = false;
        try {
            co_await order(queue);
        } catch (const Error& e) { refused = std::string_view(e.what()) == "refused: PS010"; }
        EXPECT_TRUE(refused);
        EXPECT_EQ((co_await active(queue.pool, ann, soon())).size(), 2u);
        queue.start(
            {{"paid", {.run = [](Running& running) -> Task<Ending> { co_return paid(running, "part", *Coins::parse("2")); }, .give_up = unpaid}}});
        for (const Deadline deadline = soon(); !(co_await active(queue.pool, ann, soon())).empty() && !deadline.passed();)
            co_await queue.changed.wait(Deadline::after(5ms));
        co_await expect(queue, "8.00");
    });
}

}  // namespace
}  // namespace persona::jobs

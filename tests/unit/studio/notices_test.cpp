#include "studio/notices/notices.hpp"

#include "unit/studio/till.hpp"

namespace persona::notices {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

struct Notices : Till {};

// A charge of `amount` with its look at the threshold of 10 coins, as the worker ends paid work.
Task<std::string> spend(Pool& pool, std::string_view amount, OperationId id = OperationId(Uuid::v7())) {
    co_return co_await answer(pool, one([&](Work& work) {
                                  wallet::hold(work, ann, id, coins(amount), "test");
                                  wallet::capture(work, id, coins(amount), "test");
                                  watch_low(work, id, coins("10"));
                              }));
}
Task<void> give(Pool& pool, std::string_view amount) {
    co_await answer(
        pool, one([&](Work& work) { wallet::post(work, ann, coins(amount), wallet::Kind::bonus, "bonus:" + Uuid::v7().text(), "promotion", ""); }));
}
// "low 9.00", oldest first.
Task<std::vector<std::string>> told(Pool& pool) {
    constexpr std::array<std::string_view, 3> words{"credited", "refunded", "low"};
    std::vector<std::string> out;
    for (const Notice& notice : co_await due(pool, 100, soon()))
        out.push_back(std::string(words[static_cast<std::size_t>(notice.kind)]) + " " + notice.coins.text());
    co_return out;
}

TEST_F(Notices, C6_EachCrossingOfTheThresholdIsToldOnce) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await give(pool, "20");
        EXPECT_EQ(co_await spend(pool, "10"), "");  // at the threshold is not below it
        EXPECT_THAT(co_await told(pool), IsEmpty());
        EXPECT_EQ(co_await spend(pool, "0.01"), "");
        EXPECT_EQ(co_await spend(pool, "5"), "");
        EXPECT_THAT(co_await told(pool), ElementsAre("low 9.99"));
        co_await give(pool, "5.01");  // up to the threshold again
        EXPECT_EQ(co_await spend(pool, "3"), "");
        EXPECT_EQ(co_await spend(pool, "3"), "");
        EXPECT_THAT(co_await told(pool), ElementsAre("low 9.99", "low 7.00"));
    });
}

TEST_F(Notices, C6_ChargesAtTheSameTimeCrossOnce) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await give(pool, "20");
        std::vector<Work> all;
        for (int i = 0; i < 8; ++i)
            all.push_back(one([id = OperationId(Uuid::v7())](Work& work) {
                wallet::hold(work, ann, id, coins("2"), "test");
                wallet::capture(work, id, coins("2"), "test");
                watch_low(work, id, coins("10"));
            }));
        co_await answers(pool, std::move(all));
        EXPECT_THAT(co_await told(pool), ElementsAre("low 8.00"));
    });
}

TEST_F(Notices, C6_WhatIsNotChargedIsNotTold) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await give(pool, "11");
        const OperationId id(Uuid::v7());
        co_await answer(pool, one(wallet::hold, ann, id, coins("5"), "test"));
        co_await answer(pool, one([&](Work& work) {
                            wallet::void_hold(work, id, "failed");
                            watch_low(work, id, coins("10"));
                        }));
        EXPECT_THAT(co_await told(pool), IsEmpty());
        // Refused, and the notice with it.
        EXPECT_EQ(co_await spend(pool, "12"), "PS010");
        EXPECT_THAT(co_await told(pool), IsEmpty());
    });
}

TEST_F(Notices, P9_CoinsThatCameOrWentAreToldOnce) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        for (int i = 0; i < 3; ++i) co_await pay(pool, charge_of(order, "c1"));
        for (int i = 0; i < 2; ++i) co_await answer(pool, returning("r1", "c1", price / 4));
        co_await answer(pool, returning("r2", "c1", price));
        EXPECT_THAT(co_await told(pool), ElementsAre("credited 100.00", "refunded 25.00", "refunded 75.00"));
        payments::Charge silent = charge_of(co_await new_order(pool, {}), "c2");
        silent.tell = false;  // the caller says it
        EXPECT_EQ(co_await pay(pool, silent), "credited");
        EXPECT_EQ((co_await told(pool)).size(), 3u);
    });
}

TEST_F(Notices, C7_NoticesOffDoNotSilencePayments) {
    static constexpr postgres::Query off{"test.off", "UPDATE user_settings SET notifications = false"};
    with(1, [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), "c1")), "credited");
        EXPECT_TRUE((co_await due(pool, 1, soon()))[0].wanted);
        co_await act(pool, off);
        EXPECT_FALSE((co_await due(pool, 1, soon()))[0].wanted);
    });
    EXPECT_TRUE(always(Kind::credited));
    EXPECT_TRUE(always(Kind::refunded));
    EXPECT_FALSE(always(Kind::low));
}

TEST_F(Notices, C6_ANoticeIsEndedOnceWithTheMessageThatSaysIt) {
    with(1, [](Pool& pool) -> Task<void> {
        for (const char* id : {"c1", "c2"}) EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), id)), "credited");
        const auto both = co_await due(pool, 100, soon());
        EXPECT_EQ(both.size(), 2u);
        EXPECT_EQ((co_await due(pool, 1, soon()))[0].id, both[0].id);
        co_await answer(pool, one(put_off, both[1].id, wall_now() + 1h));
        std::vector<Work> senders;
        for (const Ending ending : {Ending::told, Ending::muted}) senders.push_back(one(end, both[0].id, ending));
        EXPECT_THAT(co_await answers(pool, std::move(senders)), ElementsAre("", "PS002"));
        EXPECT_THAT(co_await told(pool), IsEmpty());
        co_await answer(pool, one(put_off, both[1].id, wall_now() - 1s));
        EXPECT_THAT(co_await told(pool), ElementsAre("credited 100.00"));
    });
}

}  // namespace
}  // namespace persona::notices

#include "studio/payments/payments.hpp"

#include "studio/notices/notices.hpp"
#include "unit/studio/till.hpp"

namespace persona::payments {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Payments : Till {};

Task<std::size_t> notices_told(Pool& pool) { co_return (co_await notices::due(pool, 100, soon())).size(); }
Task<std::string> spend(Pool& pool, std::string_view amount) {
    const OperationId id(Uuid::v7());
    co_return co_await answer(pool, one([&](Work& work) {
                                  wallet::hold(work, ann, id, coins(amount), "test");
                                  wallet::capture(work, id, coins(amount), "test");
                              }));
}

TEST_F(Payments, P6_AChargeIsCreditedOnceHoweverOftenItIsTold) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        for (int i = 0; i < 4; ++i) EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "again");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00"));
        EXPECT_EQ(co_await notices_told(pool), 1u);
        EXPECT_EQ((co_await payments::order(pool, order, soon()))->state, Order::State::paid);
    });
}

TEST_F(Payments, P6_AChargeThatIsToldFiveTimesAtOnceIsCreditedOnce) {
    with(1, [](Pool& pool) -> Task<void> {
        for (int round = 0; round < 10; ++round) {
            const Uuid order = co_await new_order(pool, {});
            std::vector<Work> same;
            for (int i = 0; i < 5; ++i) same.push_back(one(credit, charge_of(order, "c" + std::to_string(round)), Second::credit));
            EXPECT_THAT(co_await answers(pool, std::move(same)), ElementsAre("again", "again", "again", "again", "credited"));
        }
        EXPECT_EQ(co_await balance(pool), "1000.00");
    });
}

TEST_F(Payments, P6_EventsInAnyOrderEndAlike) {
    with(1, [](Pool& pool) -> Task<void> {
        const auto note = [&](std::string_view event) { return answer(pool, one(note_event, Provider::stars, "c1", event)); };
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await note("payment.canceled"), "t");
        EXPECT_EQ(co_await answer(pool, one(cancel, order)), "t");
        EXPECT_EQ(co_await answer(pool, one(cancel, order)), "f");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        EXPECT_EQ(co_await answer(pool, one(cancel, order)), "f");
        EXPECT_EQ(co_await note("payment.waiting_for_capture"), "t");
        EXPECT_EQ(co_await note("payment.waiting_for_capture"), "f");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "again");
        EXPECT_EQ(co_await balance(pool), "100.00");
    });
}

TEST_F(Payments, P6_PaymentsOfOnePersonAtTheSameTimeAddUp) {
    with(1, [](Pool& pool) -> Task<void> {
        std::vector<Work> all;
        for (int i = 0; i < 20; ++i) all.push_back(one(credit, charge_of(co_await new_order(pool, {}), "c" + std::to_string(i)), Second::credit));
        co_await answers(pool, std::move(all));
        EXPECT_EQ(co_await balance(pool), "2000.00");
    });
}

TEST_F(Payments, P7_WhatDoesNotFitTheOrderCreditsNothingAndAlertsAnOperatorOnce) {
    struct Case {
        const char* what;
        std::function<void(Charge&)> spoil;
        const char *result, *kind;
    };
    const std::vector<Case> cases{
        {"a lower amount", [](Charge& c) { c.amount = 79; }, "mismatch", "mismatch"},
        {"a higher amount", [](Charge& c) { c.amount = 81; }, "mismatch", "mismatch"},
        {"nothing", [](Charge& c) { c.amount = 0; }, "mismatch", "mismatch"},
        {"another currency", [](Charge& c) { c.currency = "RUB"; }, "mismatch", "mismatch"},
        {"another person", [](Charge& c) { c.payer = bob; }, "mismatch", "mismatch"},
        {"a stranger", [](Charge& c) { c.payer = std::nullopt; }, "mismatch", "mismatch"},
        {"another order", [](Charge& c) { c.order = Uuid::v7(); }, "unknown", "unknown"},
        {"another provider", [](Charge& c) { c.provider = Provider::yookassa; }, "unknown", "unknown"},
    };
    with(2, [&](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        std::size_t alerted = 0;
        for (const Case& wrong : cases) {
            Charge told = charge_of(order, wrong.what);
            wrong.spoil(told);
            for (int i = 0; i < 2; ++i) EXPECT_EQ(co_await pay(pool, told), wrong.result) << wrong.what;
            const auto open = co_await alerts(pool, 100, soon());
            EXPECT_EQ(open.size(), ++alerted) << wrong.what;
            EXPECT_EQ(open.back().kind, wrong.kind) << wrong.what;
            EXPECT_THAT(open.back().key, HasSubstr(wrong.what));
        }
        for (const UserId user : {ann, bob}) EXPECT_THAT(co_await amounts(pool, user), IsEmpty());
        EXPECT_EQ((co_await payments::order(pool, order, soon()))->state, Order::State::open);
        EXPECT_EQ(co_await notices_told(pool), 0u);
    });
}

TEST_F(Payments, P7_AWrongEventDoesNotStandInTheWayOfTheRightOne) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1", 1)), "mismatch");
        EXPECT_EQ(co_await pay(pool, charge_of(Uuid::v7(), "c1")), "unknown");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1", 1)), "again");
        EXPECT_EQ(co_await balance(pool), "100.00");
        const auto open = co_await alerts(pool, 100, soon());
        EXPECT_EQ(open.size(), 2u);
        co_await answer(pool, one(resolve, open.front().id));
        EXPECT_EQ((co_await alerts(pool, 100, soon())).size(), 1u);
    });
}

TEST_F(Payments, P6_ASecondPaymentOfOneOrderIsASecondCredit) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c2")), "credited");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c2")), "again");
        EXPECT_EQ(co_await balance(pool), "200.00");
    });
}

TEST_F(Payments, P6_OrASecondPaymentIsGivenBackByRule) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1"), Second::refund), "credited");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c2"), Second::refund), "return");
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c2"), Second::credit), "again");
        const auto open = co_await to_return(pool, Provider::stars, 10, soon());
        EXPECT_EQ(open.size(), 1u);
        EXPECT_EQ(open.at(0).id, "c2");
        EXPECT_EQ(co_await answer(pool, returning("c2", "c2", price)), "t");
        EXPECT_THAT(co_await to_return(pool, Provider::stars, 10, soon()), IsEmpty());
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00"));
        EXPECT_EQ((co_await charge(pool, Provider::stars, "c2", soon()))->returned, price);
    });
}

TEST_F(Payments, P9_AnOrderThatIsPaidTooLateIsCreditedAllTheSame) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {}, 0);
        EXPECT_TRUE((co_await payments::order(pool, order, soon()))->late);
        EXPECT_EQ(co_await expire(pool, soon()), 1);
        EXPECT_EQ(co_await expire(pool, soon()), 0);
        EXPECT_EQ((co_await payments::order(pool, order, soon()))->state, Order::State::expired);
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        EXPECT_EQ((co_await payments::order(pool, order, soon()))->state, Order::State::paid);
        EXPECT_EQ(co_await balance(pool), "100.00");
    });
}

TEST_F(Payments, P15_ARefundThatComesBeforeItsPaymentWaitsForIt) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid order = co_await new_order(pool, {});
        EXPECT_EQ(co_await answer(pool, returning("c1", "c1", price)), "t");
        EXPECT_THAT(co_await amounts(pool), IsEmpty());
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00", "-100.00"));
        EXPECT_EQ(co_await answer(pool, returning("c1", "c1", price)), "f");
        EXPECT_EQ(co_await balance(pool), "0.00");
    });
}

TEST_F(Payments, P15_APaymentAndItsRefundAtTheSameTimeSeeEachOther) {
    with(1, [](Pool& pool) -> Task<void> {
        for (int round = 0; round < 20; ++round) {
            const std::string id = "c" + std::to_string(round);
            std::vector<Work> rivals;
            rivals.push_back(one(credit, charge_of(co_await new_order(pool, {}), id), Second::credit));
            rivals.push_back(returning(id, id, price));
            EXPECT_THAT(co_await answers(pool, std::move(rivals)), ElementsAre("credited", "t"));
            EXPECT_EQ(co_await balance(pool), "0.00") << round;
        }
    });
}

TEST_F(Payments, P15_PartialRefundsTakeTheirShareAndTheLastOneTheRestAndTheBonus) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await answer(pool,
                        one(promo::create, promo::Code{.code = "TENTH", .kind = promo::Kind::bonus, .value = coins("10"), .created_by = "test"}));
        const Uuid use = Uuid::v7();
        EXPECT_EQ(co_await answer(pool, one(promo::use, ann, "TENTH", use)), "");
        const Uuid order = co_await new_order(pool, {.bonus = coins("10"), .promo = use});
        EXPECT_EQ(co_await pay(pool, charge_of(order, "c1")), "credited");
        const std::pair<std::int64_t, const char*> parts[]{{27, "72.87"}, {27, "35.75"}, {26, "0.00"}, {80, "0.00"}};
        int number = 0;
        for (const auto& [amount, left] : parts) {
            EXPECT_EQ(co_await answer(pool, returning("r" + std::to_string(++number), "c1", amount)), "t");
            EXPECT_EQ(co_await balance(pool), left) << number;
        }
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00", "10.00", "-37.13", "-37.12", "-25.75", "-10.00"));
        const auto known = co_await charge(pool, Provider::stars, "c1", soon());
        EXPECT_EQ(known->taken, coins("110"));
        EXPECT_EQ(known->bonus, coins("10"));
        EXPECT_EQ(known->payer, TelegramId(5'000'000'001));
    });
}

TEST_F(Payments, P15_ARefundOfSpentCoinsLeavesADebtThatTheNextTopUpSettlesFirst) {
    with(1, [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), "c1")), "credited");
        EXPECT_EQ(co_await spend(pool, "60"), "");
        EXPECT_EQ(co_await answer(pool, returning("c1", "c1", price)), "t");
        EXPECT_EQ(co_await balance(pool), "-60.00");
        EXPECT_EQ(co_await spend(pool, "0.01"), "PS010");
        EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), "c2")), "credited");
        EXPECT_EQ(co_await spend(pool, "40.01"), "PS010");
        EXPECT_EQ(co_await spend(pool, "40"), "");
        EXPECT_EQ(co_await balance(pool), "0.00");
    });
}

TEST_F(Payments, AnOrderIsPlacedOnceAndFoundByEitherName) {
    with(1, [](Pool& pool) -> Task<void> {
        const Uuid id = co_await new_order(pool, {.provider = Provider::yookassa, .price = 10'000});
        co_await new_order(pool, {.id = id, .provider = Provider::yookassa, .coins = coins("999"), .price = 1});
        EXPECT_THAT(co_await undecided(pool, Provider::yookassa, 1h, 10, soon()), IsEmpty());
        co_await answer(pool, one(name_remote, id, "remote", "https://pay.example.org/1"));
        const auto found = co_await order_of_remote(pool, Provider::yookassa, "remote", soon());
        EXPECT_TRUE(found);
        EXPECT_EQ(found->id, id);
        EXPECT_EQ(found->coins, coins("100"));
        EXPECT_EQ(found->remote_url, "https://pay.example.org/1");
        EXPECT_EQ((co_await undecided(pool, Provider::yookassa, 1h, 10, soon())).size(), 1u);
        EXPECT_FALSE(co_await order_of_remote(pool, Provider::stars, "remote", soon()));
        EXPECT_FALSE(co_await payments::order(pool, Uuid::v7(), soon()));
    });
}

TEST_F(Payments, D14_WhatAProviderSendsIsKeptLiterally) {
    with(1, [](Pool& pool) -> Task<void> {
        // One is the beginning of another: what is taken back of one is not the other's.
        const std::vector<std::string> ids{"c", "c:1", "c:1:80", "'; DROP TABLE charges; --", "%", "a\\b\"c"};
        for (const std::string& id : ids) {
            EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {}), id)), "credited") << id;
            EXPECT_EQ(co_await answer(pool, returning(id, id, price / 2)), "t");
            EXPECT_EQ((co_await charge(pool, Provider::stars, id, soon()))->taken, coins("50")) << id;
        }
        static constexpr postgres::Query all{"test.charges", "SELECT charge FROM charges WHERE provider = 'stars'"};
        std::vector<std::string> read;
        for (const auto row : co_await pool.read(soon(), all)) read.push_back(row.get<std::string>(0));
        EXPECT_THAT(read, testing::UnorderedElementsAreArray(ids));
        EXPECT_EQ(co_await balance(pool), "300.00");
    });
}

}  // namespace
}  // namespace persona::payments

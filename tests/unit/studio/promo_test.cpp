#include "studio/payments/promo.hpp"

#include <fmt/format.h>

#include "unit/studio/till.hpp"

namespace persona::promo {
namespace {

using namespace test;
using payments::Order;
using testing::ElementsAre;
using testing::IsEmpty;

Code code(std::string_view name, Kind kind, std::string_view value) {
    return {.code = std::string(name), .kind = kind, .value = coins(value), .created_by = "test"};
}
Task<std::string> made(Pool& pool, Code code) { co_return co_await answer(pool, one(create, code)); }

// The verdict with which a use is refused; "" where it is not.
Task<std::string> enter(Pool& pool, std::string_view text, UserId user = ann, Uuid use_id = Uuid::v7()) {
    const auto name = normalised(text);
    if (!name) co_return "unknown";
    const auto result = co_await pool.commit(one(use, user, *name, use_id), soon());
    if (result) co_return "";
    EXPECT_TRUE(refused(result.error()));
    co_return result.error().detail;
}
Task<std::string> state_of(Pool& pool, Uuid use_id) {
    static constexpr postgres::Query read{"test.use", "SELECT state FROM promo_uses WHERE id = $1::uuid"};
    co_return (co_await pool.read(soon(), read, use_id)).value<std::string>();
}
// One use by each of these users.
std::vector<Work> entering(std::string_view name, int first, int last) {
    std::vector<Work> out;
    for (int user = first; user <= last; ++user) out.push_back(one(use, UserId(user), name, Uuid::v7()));
    return out;
}

struct Promo : Till {};

TEST_F(Promo, P16_ACodeIsEnteredInAnyLetterCaseWithBlanksAround) {
    with(4, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("SPRING", Kind::amount, "50"));
        co_await made(pool, code("ВЕСНА-26", Kind::amount, "50"));
        std::int64_t user = 0;
        for (const char* text : {"SPRING", "  spring\n", "\tSpRiNg ", " весна-26"}) {
            EXPECT_EQ(co_await enter(pool, text, UserId(++user)), "") << text;
            EXPECT_THAT(co_await amounts(pool, UserId(user)), ElementsAre("50.00")) << text;
        }
    });
}

TEST_F(Promo, P16_CreditAndUseAreOneTransaction) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("SPRING", Kind::amount, "50"));
        const Uuid id = Uuid::v7();
        const auto broken = one([&](Work& work) {
            use(work, ann, "SPRING", id);
            wallet::hold(work, ann, OperationId(Uuid::v7()), coins("50.01"), "test");
        });
        EXPECT_EQ(co_await answer(pool, broken), "PS010");
        EXPECT_THAT(co_await amounts(pool), IsEmpty());
        EXPECT_EQ((co_await codes(pool, soon()))[0].uses, 0);
        EXPECT_EQ(co_await enter(pool, "SPRING", ann, id), "");
        EXPECT_EQ(co_await enter(pool, "SPRING", ann, id), "");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("50.00"));
    });
}

TEST_F(Promo, P17_OneOfTenGetsTheLastUse) {
    with(10, [](Pool& pool) -> Task<void> {
        Code once = code("ONCE", Kind::amount, "50");
        once.most_uses = 1;
        co_await made(pool, once);
        const auto all = co_await answers(pool, entering("ONCE", 1, 10));
        EXPECT_EQ(std::ranges::count(all, ""), 1);
        EXPECT_EQ(std::ranges::count(all, "PS030"), 9);
        EXPECT_EQ((co_await codes(pool, soon()))[0].uses, 1);
    });
}

TEST_F(Promo, P17_ThirtyOfAHundredGetThirtyUses) {
    with(100, [](Pool& pool) -> Task<void> {
        Code thirty = code("THIRTY", Kind::amount, "5");
        thirty.most_uses = 30;
        co_await made(pool, thirty);
        const auto all = co_await answers(pool, entering("THIRTY", 1, 100));
        EXPECT_EQ(std::ranges::count(all, ""), 30);
        static constexpr postgres::Query total{"test.total", "SELECT sum(coins) FROM user_balances"};
        EXPECT_EQ((co_await pool.read(soon(), total)).value<Coins>(), coins("150"));
    });
}

TEST_F(Promo, P17_OneUseThatIsRepeatedAtTheSameTimeIsOne) {
    with(1, [](Pool& pool) -> Task<void> {
        for (int round = 0; round < 20; ++round) {
            const std::string name = "CODE-" + std::to_string(round);
            co_await made(pool, code(name, Kind::amount, "50"));
            std::vector<Work> same;
            const Uuid id = Uuid::v7();
            for (int i = 0; i < 8; ++i) same.push_back(one(use, ann, name, id));
            EXPECT_THAT(co_await answers(pool, std::move(same)), testing::Each(""));
        }
        EXPECT_EQ(co_await balance(pool), "1000.00");
    });
}

TEST_F(Promo, P18_EachReasonHasItsVerdictAndChangesNothing) {
    static constexpr postgres::Query over{"test.over", "UPDATE promo_codes SET valid_from = '-infinity', valid_until = now() WHERE code = 'OVER'"};
    with(2, [](Pool& pool) -> Task<void> {
        Code later = code("LATER", Kind::amount, "5"), used_up = code("USEDUP", Kind::amount, "5"), twice = code("TWICE", Kind::amount, "5");
        later.from = wall_now() + 24h;
        used_up.most_uses = 1;
        twice.per_user = 2;
        for (const Code& each : {code("MINE", Kind::amount, "5"), code("OVER", Kind::amount, "5"), later, code("OFF", Kind::amount, "5"), used_up,
                                 twice, code("WAITING", Kind::bonus, "5"), code("SECOND", Kind::discount, "5")})
            EXPECT_EQ(co_await made(pool, each), "") << each.code;
        co_await act(pool, over);
        EXPECT_EQ(co_await answer(pool, one(disable, "OFF")), "t");
        EXPECT_EQ(co_await answer(pool, one(disable, "NOSUCH")), "f");
        for (const char* mine : {"MINE", "TWICE", "TWICE", "WAITING"}) EXPECT_EQ(co_await enter(pool, mine), "") << mine;
        EXPECT_EQ(co_await enter(pool, "USEDUP", bob), "");

        const std::pair<const char*, Verdict> verdicts[]{
            {"MINE", Verdict::used},    {"TWICE", Verdict::used},     {"OVER", Verdict::invalid},   {"LATER", Verdict::invalid},
            {"OFF", Verdict::inactive}, {"USEDUP", Verdict::invalid}, {"NOSUCH", Verdict::unknown}, {"SECOND", Verdict::waits},
        };
        constexpr std::array<std::string_view, 6> words{"ok", "unknown", "inactive", "invalid", "used", "waits"};
        for (const auto& [name, verdict] : verdicts) {
            EXPECT_EQ((co_await offer(pool, ann, name, 5, soon())).verdict, verdict) << name;
            EXPECT_EQ(co_await enter(pool, name), words[static_cast<std::size_t>(verdict)]) << name;
        }
        EXPECT_THAT(co_await amounts(pool), ElementsAre("5.00", "5.00", "5.00"));
    });
}

TEST_F(Promo, P19_ABonusWaitsForTheNextTopUpAndIsSpentOnce) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("BONUS", Kind::bonus, "10.5"));
        const Uuid id = Uuid::v7();
        EXPECT_EQ(co_await enter(pool, "bonus", ann, id), "");
        EXPECT_THAT(co_await amounts(pool), IsEmpty());
        const auto kept = co_await waiting(pool, ann, soon());
        EXPECT_EQ(kept->use, id);
        const Coins bonus = bonus_of(coins("100"), kept->value);
        // An order that is cancelled, and one that nobody pays in time, use nothing up.
        const Uuid cancelled = co_await new_order(pool, {.bonus = bonus, .promo = id});
        EXPECT_EQ(co_await answer(pool, one(payments::cancel, cancelled)), "t");
        const Uuid late = co_await new_order(pool, {.bonus = bonus, .promo = id}, 0);
        EXPECT_EQ(co_await payments::expire(pool, soon()), 1);
        EXPECT_EQ(co_await state_of(pool, id), "waiting");
        const Uuid paid = co_await new_order(pool, {.bonus = bonus, .promo = id});
        EXPECT_EQ(co_await pay(pool, charge_of(paid, "c1")), "credited");
        EXPECT_EQ(co_await state_of(pool, id), "spent");
        EXPECT_FALSE((co_await payments::order(pool, paid, soon()))->promo_waits);
        // Neither a second payment nor the other orders give it again.
        for (const Uuid& order : {paid, late, cancelled}) EXPECT_EQ(co_await pay(pool, charge_of(order, "c" + order.text())), "credited");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00", "10.50", "100.00", "100.00", "100.00"));
        EXPECT_FALSE(co_await waiting(pool, ann, soon()));
    });
}

TEST_F(Promo, P19_ADiscountLowersThePriceOfOneOrder) {
    with(1, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("CHEAP", Kind::discount, "33"));
        const Uuid id = Uuid::v7();
        EXPECT_EQ(co_await enter(pool, "cheap", ann, id), "");
        const std::int64_t lower = discounted(price, (co_await waiting(pool, ann, soon()))->value);
        EXPECT_EQ(lower, 54);
        const Uuid first = co_await new_order(pool, {.price = lower, .promo = id});
        const Uuid second = co_await new_order(pool, {.price = lower, .promo = id});
        co_await new_order(pool, {.id = first, .price = lower, .promo = id});  // a repeat of the older one changes nothing
        EXPECT_EQ((co_await payments::order(pool, first, soon()))->state, Order::State::cancelled);
        EXPECT_EQ((co_await payments::order(pool, second, soon()))->state, Order::State::open);
        EXPECT_EQ(co_await pay(pool, charge_of(second, "c1", price)), "mismatch");
        EXPECT_EQ(co_await pay(pool, charge_of(second, "c1", lower)), "credited");
        EXPECT_EQ(co_await state_of(pool, id), "spent");
        EXPECT_EQ(co_await balance(pool), "100.00");
        // The cancelled one is still payable where YooKassa showed its page, and this one twice: both buy what the money buys without a code.
        EXPECT_EQ(co_await pay(pool, charge_of(first, "c2", lower)), "credited");
        EXPECT_EQ(co_await balance(pool), "167.00");
        EXPECT_EQ(co_await pay(pool, charge_of(second, "c3", lower)), "credited");
        EXPECT_EQ(co_await balance(pool), "234.00");
    });
}

TEST_F(Promo, P19_OfTwoOrdersPlacedAtTheSameTimeOneCountsOnTheCode) {
    with(1, [](Pool& pool) -> Task<void> {
        static constexpr postgres::Query open{"test.open", "SELECT count(*) FROM orders WHERE promo_use = $1::uuid AND state = 'open'"};
        co_await made(pool, code("CHEAP", Kind::discount, "50"));
        const Uuid id = Uuid::v7();
        EXPECT_EQ(co_await enter(pool, "cheap", ann, id), "");
        for (int round = 0; round < 10; ++round) {
            std::vector<Work> rivals;
            for (int i = 0; i < 4; ++i)
                rivals.push_back(one(payments::place, Order{.id = Uuid::v7(), .user = ann, .coins = coins("100"), .price = 40, .promo = id}, 30));
            co_await answers(pool, std::move(rivals));
            EXPECT_EQ((co_await pool.read(soon(), open, id)).value<std::int64_t>(), 1);
        }
    });
}

// Whoever pays holds the order and wants the code; whoever places the next order must not hold the code and want the order.
TEST_F(Promo, P19_APaymentAndTheNextOrderOfTheSameCodeDoNotBlockEachOther) {
    with(1, [](Pool& pool) -> Task<void> {
        const auto begin = Deadline::Steady::now();
        for (int round = 0; round < 20; ++round) {
            const std::string name = "CODE-" + std::to_string(round);
            co_await made(pool, code(name, Kind::bonus, "10"));
            const Uuid id = Uuid::v7();
            EXPECT_EQ(co_await enter(pool, name, ann, id), "");
            const Uuid order = co_await new_order(pool, {.bonus = coins("10"), .promo = id});
            std::vector<Work> rivals;
            rivals.push_back(one(payments::credit, charge_of(order, name), payments::Second::credit));
            for (int i = 0; i < 5; ++i)
                rivals.push_back(one(payments::place,
                                     Order{.id = Uuid::v7(), .user = ann, .coins = coins("100"), .bonus = coins("10"), .price = price, .promo = id},
                                     30));
            EXPECT_EQ((co_await answers(pool, std::move(rivals))).back(), "credited");
            EXPECT_EQ(co_await state_of(pool, id), "spent");
        }
        EXPECT_EQ(co_await balance(pool), "2200.00");
        EXPECT_LT(Deadline::Steady::now() - begin, 5s) << "the server breaks a deadlock only after a second";
    });
}

TEST_F(Promo, P19_TheCodeOfAnotherIsNotSpent) {
    with(2, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("BONUS", Kind::bonus, "10"));
        const Uuid id = Uuid::v7();
        EXPECT_EQ(co_await enter(pool, "bonus", bob, id), "");
        EXPECT_EQ(co_await pay(pool, charge_of(co_await new_order(pool, {.bonus = coins("10"), .promo = id}), "c1")), "credited");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("100.00"));
        EXPECT_EQ(co_await state_of(pool, id), "waiting");
    });
}

TEST_F(Promo, P20_WhoGuessesTooOftenWaitsAnHour) {
    static constexpr postgres::Query hour_later{"test.later", "UPDATE promo_misses SET at = at - interval '1 hour'"};
    static constexpr postgres::Query rows{"test.misses", "SELECT count(*) FROM promo_misses"};
    with(2, [](Pool& pool) -> Task<void> {
        co_await made(pool, code("SPRING", Kind::amount, "50"));
        for (int i = 0; i < 5; ++i) {
            EXPECT_EQ((co_await offer(pool, ann, "WRONG", 5, soon())).verdict, Verdict::unknown);
            co_await answer(pool, one(note_miss, ann));
        }
        EXPECT_EQ((co_await offer(pool, ann, "SPRING", 5, soon())).verdict, Verdict::too_often);
        EXPECT_EQ((co_await offer(pool, bob, "SPRING", 5, soon())).verdict, Verdict::ok);
        co_await act(pool, hour_later);
        EXPECT_EQ((co_await offer(pool, ann, "SPRING", 5, soon())).verdict, Verdict::ok);
        co_await answer(pool, one(note_miss, ann));
        EXPECT_EQ((co_await pool.read(soon(), rows)).value<int>(), 1) << "old ones are kept for nothing";
    });
}

TEST_F(Promo, D6_ACodeThatIsThereOrCannotBeIsRefused) {
    with(1, [](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await made(pool, code("SPRING", Kind::amount, "50")), "");
        const auto changed = [](auto change) {
            Code out = code("OTHER", Kind::amount, "50");
            change(out);
            return out;
        };
        const Time now = wall_now();
        const std::pair<Code, Refused> cases[]{
            {code("SPRING", Kind::bonus, "5"), Refused::exists},
            {code("spring", Kind::amount, "5"), Refused::impossible},
            {code("AB", Kind::amount, "5"), Refused::impossible},
            {code("OTHER", Kind::amount, "0"), Refused::impossible},
            {code("OTHER", Kind::discount, "90.01"), Refused::impossible},
            {code("OTHER", Kind::bonus, "500.01"), Refused::impossible},
            {changed([](Code& c) { c.most_uses = 0; }), Refused::impossible},
            {changed([](Code& c) { c.per_user = 0; }), Refused::impossible},
            {changed([&](Code& c) { c.until = now - 1s; }), Refused::impossible},
            {changed([&](Code& c) { c.from = now + 2h, c.until = now + 1h; }), Refused::impossible},
        };
        for (const auto& [wrong, why] : cases) {
            const auto result = co_await pool.commit(one(create, wrong), soon());
            EXPECT_FALSE(result) << wrong.code;
            if (!result) EXPECT_EQ(refused_new(result.error()), why) << wrong.code << " " << result.error().detail;
        }
        EXPECT_EQ((co_await codes(pool, soon())).size(), 1u);
        EXPECT_EQ(refused_new({"PS030", ""}), std::nullopt);
    });
}

TEST_F(Promo, D14_SqlInACodeIsALetterLikeAnother) {
    for (const char* text : {"X'; DROP TABLE promo_codes; --", "a\" OR 1=1", "%%%", "50 OFF", "A\\B", ""})
        EXPECT_EQ(normalised(text), std::nullopt) << text;
    EXPECT_EQ(normalised(" straße-1_ "), "STRASSE-1_");
    with(1, [](Pool& pool) -> Task<void> {
        const std::string name = "X'; DROP TABLE PROMO_CODES; --";
        EXPECT_EQ(co_await made(pool, code(name, Kind::amount, "5")), "");
        EXPECT_EQ(co_await answer(pool, one(use, ann, name, Uuid::v7())), "");
        EXPECT_EQ((co_await offer(pool, ann, "' OR '1'='1", 5, soon())).verdict, Verdict::unknown);
        EXPECT_EQ((co_await codes(pool, soon()))[0].code, name);
        EXPECT_EQ((co_await wallet::entries(pool, ann, 0, 1, soon()))[0].description, name);
    });
}

TEST(PromoArithmetic, RoundsForTheHouseAndNeverToNothing) {
    EXPECT_EQ(discounted(80, coins("10")), 72);
    EXPECT_EQ(discounted(80, coins("0.01")), 80);
    EXPECT_EQ(discounted(1, coins("90")), 1);
    EXPECT_EQ(discounted(1'000'000'000, coins("33.33")), 666'700'000);
    EXPECT_EQ(bonus_of(coins("100"), coins("12.34")), coins("12.34"));
    EXPECT_EQ(bonus_of(coins("0.01"), coins("99")), Coins());
    EXPECT_EQ(bonus_of(coins("250"), coins("500")), coins("1250"));
}

}  // namespace
}  // namespace persona::promo

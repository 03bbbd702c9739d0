// What people are told without having asked, and the Stars that go back by themselves.
#include "bot/notices.hpp"

#include "bot/returns.hpp"
#include "studio.hpp"
#include "studio/payments/payments.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr postgres::Query mute{"test.mute", "UPDATE user_settings SET notifications = false WHERE user_id = 1"};
constexpr postgres::Query lose_key{"test.lose_key", "UPDATE data_keys SET wrapped = '\\x00' WHERE owner = 1"};
constexpr postgres::Query waiting{"test.waiting", "SELECT count(*) FROM notices WHERE ended_at IS NULL"};
constexpr postgres::Query future{"test.future", "SELECT count(*) FROM notices WHERE ended_at IS NULL AND not_before > now()"};
constexpr postgres::Query resolve_all{"test.resolve", "UPDATE money_alerts SET resolved_at = now()"};
constexpr postgres::Query returned{"test.returned", "SELECT count(*) FROM reversals"};

struct Notices : WorkTest {
    static void never_quiet(Studio& s) { s.around.quiet = {.from = 0, .until = 0}; }
    // A charge of so much, as the end of a job makes it.
    static Task<void> spend(Studio& s, const char* coins) {
        const OperationId operation(Uuid::v7());
        postgres::Work work;
        wallet::hold(work, anna, operation, *Coins::parse(coins), "output");
        charge(s.shop, work, operation, *Coins::parse(coins), "summary");
        EXPECT_TRUE(co_await s.pool.commit(std::move(work), soon()));
    }
    static Task<void> add(Studio& s, const char* coins) {
        postgres::Work work;
        wallet::post(work, anna, *Coins::parse(coins), wallet::Kind::adjustment, "adjustment:" + Uuid::v7().text(), "adjustment", "");
        EXPECT_TRUE(co_await s.pool.commit(std::move(work), soon()));
    }
    static Task<int> told(Studio& s) {
        NoticeTeller teller(s.executor, s.pool, s.vault, s.outbox, s.around);
        while (co_await teller.tell_due()) {}
        co_await s.until_quiet();
        co_return static_cast<int>(std::ranges::count_if(s.texts(), [](const std::string& text) { return text.contains("Монет осталось немного"); }));
    }
    static Task<std::string> pay(Studio& s, Uuid order, std::string charge, payments::Second second) {
        postgres::Work work;
        payments::credit(work, {.provider = payments::Provider::stars, .id = charge, .order = order, .payer = anna, .amount = 80, .currency = "XTR"},
                         second);
        co_return (co_await s.pool.commit(std::move(work), soon()))->front().value<std::string>();
    }
    static Task<Uuid> order(Studio& s) {
        const Uuid id = Uuid::v7();
        postgres::Work work;
        payments::place(work, {.id = id, .user = anna, .coins = *Coins::parse("100"), .price = 80, .resume = "talk:"}, 60);
        EXPECT_TRUE(co_await s.pool.commit(std::move(work), soon()));
        co_return id;
    }
};

TEST_F(Notices, C6_FewCoinsAreToldOnceForEachCrossing) {
    with([](Studio& s) -> Task<void> {
        never_quiet(s);
        co_await spend(s, "90");
        EXPECT_EQ(co_await told(s), 0) << "ten are not below ten";
        co_await spend(s, "0.01");
        EXPECT_EQ(co_await told(s), 1);
        co_await spend(s, "5");
        EXPECT_EQ(co_await told(s), 1);
        co_await add(s, "50");
        co_await spend(s, "50");
        EXPECT_EQ(co_await told(s), 2);
        EXPECT_TRUE(s.said("🪫 Монет осталось немного: 4.99 🪙"));
        co_await add(s, "100");
        co_await spend(s, "100");
        co_await add(s, "100");
        EXPECT_EQ(co_await told(s), 2) << "who has topped up since is not warned";
    });
}

TEST_F(Notices, C7_WhoWantsNoneHearsOfPaymentsOnly) {
    with([](Studio& s) -> Task<void> {
        never_quiet(s);
        co_await s.pool.read(soon(), mute);
        co_await spend(s, "95");
        EXPECT_EQ(co_await told(s), 0);
        EXPECT_EQ(co_await s.ask(waiting), "0");
        co_await pay(s, co_await order(s), "one", payments::Second::credit);
        co_await told(s);
        EXPECT_TRUE(s.said("✅ Зачислено 100.00 🪙. Доступно 105.00"));
    });
}

TEST_F(Notices, C7_AtNightOnlyPaymentsAreTold) {
    with([](Studio& s) -> Task<void> {
        s.around.quiet = {.from = 0, .until = 24};  // all day
        co_await spend(s, "95");
        co_await pay(s, co_await order(s), "one", payments::Second::credit);
        EXPECT_EQ(co_await told(s), 0);
        EXPECT_TRUE(s.said("✅ Зачислено 100.00"));
        EXPECT_EQ(co_await s.ask(future), "1") << "the other one waits";
    });
}

TEST_F(Notices, ANoticeThatCannotBeSealedIsDroppedOnce) {
    with([](Studio& s) -> Task<void> {
        co_await pay(s, co_await order(s), "one", payments::Second::credit);
        co_await s.pool.read(soon(), lose_key);
        vault::Vault restarted(test::test_keyring(), s.pool);  // it remembers no key
        co_await restarted.open(soon());
        NoticeTeller teller(s.executor, s.pool, restarted, s.outbox, s.around);
        co_await teller.tell_due();
        EXPECT_EQ(co_await s.ask(waiting), "0");
        EXPECT_FALSE(s.said("Зачислено"));
    });
}

TEST_F(Notices, TheCreditLeadsBackToWhatCoinsWereMissingFor) {
    with([](Studio& s) -> Task<void> {
        co_await pay(s, co_await order(s), "one", payments::Second::credit);
        co_await told(s);
        EXPECT_THAT(boost::json::serialize(s.telegram.asked.back().params), HasSubstr("\"callback_data\":\"talk:\""));
    });
}

TEST_F(Notices, ASecondPaymentGoesBackOnceWhenTheOperatorSaysSo) {
    with([](Studio& s) -> Task<void> {
        const Uuid bought = co_await order(s);
        EXPECT_EQ(co_await pay(s, bought, "one", payments::Second::refund), "credited");
        EXPECT_EQ(co_await pay(s, bought, "two", payments::Second::refund), "return");
        s.telegram.once["refundStarPayment"].push_back(telegram::test::BotApiServer::refuse(500, "Internal Server Error"));
        bool failed = false;
        try {
            co_await return_seconds_once(s.pool, s.api);
        } catch (const Unavailable&) { failed = true; }
        EXPECT_TRUE(failed);
        s.telegram.once["refundStarPayment"].push_back(telegram::test::BotApiServer::refuse(403, "Forbidden: user is deactivated"));
        EXPECT_EQ(co_await return_seconds_once(s.pool, s.api), 0);
        EXPECT_EQ(co_await return_seconds_once(s.pool, s.api), 0);
        EXPECT_EQ(s.telegram.count("refundStarPayment"), 2u) << "what is refused waits for the operator";
        co_await s.pool.read(soon(), resolve_all);
        s.telegram.once["refundStarPayment"].push_back(telegram::test::BotApiServer::refuse(400, "Bad Request: CHARGE_ALREADY_REFUNDED"));
        EXPECT_EQ(co_await return_seconds_once(s.pool, s.api), 1) << "given back already is given back";
        EXPECT_EQ(co_await return_seconds_once(s.pool, s.api), 0);
        EXPECT_EQ(s.telegram.asked.back().params.at("telegram_payment_charge_id"), "two");
        EXPECT_EQ(s.telegram.asked.back().params.at("user_id"), 5000000001);
        EXPECT_EQ(co_await s.ask(returned), "1");
        EXPECT_EQ((co_await wallet::balance(s.pool, anna, soon())).coins, *Coins::parse("200"));
    });
}

}  // namespace
}  // namespace persona::bot

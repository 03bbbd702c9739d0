#include "studio/payments/adjust.hpp"

#include <boost/json/parse.hpp>

#include "studio/audit/audit.hpp"
#include "unit/studio/till.hpp"

namespace persona::payments {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::IsEmpty;

struct Adjust : Till {
    const vault::Key key = vault::Key::random();

    Work work(std::string_view amount, std::string reason, std::string decision) const {
        Work out;
        EXPECT_TRUE(adjust(out, of(amount, std::move(reason), std::move(decision)), key));
        return out;
    }
    static Adjustment of(std::string_view amount, std::string reason, std::string decision) {
        return {.user = ann,
                .amount = coins(amount),
                .reason = std::move(reason),
                .key = std::move(decision),
                .actor = "admin:5000000009",
                .origin = "telegram"};
    }
};

constexpr postgres::Query audit_rows{"test.audit",
                                     "SELECT actor, action, subject, origin, event, body, at > now() - interval '1 minute' FROM audit_log"};

TEST_F(Adjust, D2_LedgerAndAuditHoldWhoWhyAndWhen) {
    with(1, [&](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await answer(pool, work("25.50", "sorry for the outage; DROP TABLE users", "d1")), "t");
        const auto entry = (co_await wallet::entries(pool, ann, 0, 10, soon())).at(0);
        EXPECT_EQ(entry.kind, wallet::Kind::adjustment);
        EXPECT_EQ(entry.amount, coins("25.50"));
        EXPECT_EQ(entry.description, "sorry for the outage; DROP TABLE users");
        const auto rows = co_await pool.read(soon(), audit_rows);
        EXPECT_EQ(rows.size(), 1);
        EXPECT_EQ(rows[0].get<std::string>(0), "admin:5000000009");
        EXPECT_EQ(rows[0].get<std::string>(1), "wallet.adjust");
        EXPECT_EQ(rows[0].get<std::string>(2), "user:1");
        EXPECT_EQ(rows[0].get<std::string>(3), "telegram");
        EXPECT_TRUE(rows[0].get<bool>(6));
        const auto body = boost::json::parse(vault::open(key, {"audit_log.body", rows[0].get<Uuid>(4)}, rows[0].get<Bytes>(5)));
        EXPECT_EQ(body.at("after").at("reason").as_string(), entry.description);
        EXPECT_EQ(body.at("after").at("amount").as_string(), "25.50");
        static constexpr postgres::Query counter{"test.counter", "SELECT counter_account FROM transactions"};
        EXPECT_EQ((co_await pool.read(soon(), counter)).value<std::string>(), "adjustment:admin:5000000009");
    });
}

TEST_F(Adjust, D2_TheSameConfirmActsOnceHoweverOftenItIsPressed) {
    with(1, [&](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await answer(pool, work("25", "gift", "d1")), "t");
        EXPECT_EQ(co_await answer(pool, work("25", "gift", "d1")), "f");
        std::vector<Work> pressed;
        for (int i = 0; i < 5; ++i) pressed.push_back(work("-25", "mistake", "d2"));
        EXPECT_THAT(co_await answers(pool, std::move(pressed)), ElementsAre("f", "f", "f", "f", "t"));
        EXPECT_THAT(co_await amounts(pool), ElementsAre("25.00", "-25.00"));
        EXPECT_EQ((co_await pool.read(soon(), audit_rows)).size(), 2);
    });
}

TEST_F(Adjust, D2_WithoutAReasonItIsRefused) {
    for (const std::string& reason : {std::string(), std::string(" \t\n"), std::string(501, 'x')}) {
        Work untouched;
        EXPECT_FALSE(adjust(untouched, of("5", reason, "d1"), key));
        EXPECT_TRUE(untouched.empty());
    }
}

TEST_F(Adjust, D2_MoreThanThereIsAvailableIsNotTakenAndLeavesNoTrace) {
    with(1, [&](Pool& pool) -> Task<void> {
        EXPECT_EQ(co_await answer(pool, work("10", "gift", "d1")), "t");
        EXPECT_EQ(co_await answer(pool, one(wallet::hold, ann, OperationId(Uuid::v7()), coins("4"), "test")), "");
        EXPECT_EQ(co_await answer(pool, work("-6.01", "mistake", "d2")), "PS010");
        EXPECT_EQ(co_await answer(pool, work("0", "nothing", "d3")), "PS013");
        EXPECT_THAT(co_await amounts(pool), ElementsAre("10.00"));
        EXPECT_EQ((co_await pool.read(soon(), audit_rows)).size(), 1);
        EXPECT_EQ(co_await answer(pool, work("-6", "mistake", "d2")), "t");
    });
}

}  // namespace
}  // namespace persona::payments

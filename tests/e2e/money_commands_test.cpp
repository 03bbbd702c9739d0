// The operator's commands about money, as they are typed: what they do, what they refuse, and what a script reads of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "installation.hpp"

namespace persona::e2e {
namespace {

using testing::AllOf;
using testing::HasSubstr;

struct MoneyCommands : testing::Test {
    Installation persona{{.worker = false}};
    std::string anna;

    void SetUp() override {
        const auto id = persona.person("ru");
        const auto before = persona.say(id, "/start");
        persona.wait(id, before, "100.00");
        anna = std::to_string(id);
    }
    Installation::Ran run(const std::vector<std::string>& arguments) { return persona.persona(arguments); }
    void refused(const std::vector<std::string>& arguments, const std::string& why) {
        const auto ran = run(arguments);
        EXPECT_NE(ran.status, 0) << why;
        EXPECT_THAT(ran.output, HasSubstr(why));
    }
    void done(const std::vector<std::string>& arguments, const std::string& what) {
        const auto ran = run(arguments);
        EXPECT_EQ(ran.status, 0) << ran.output;
        EXPECT_THAT(ran.output, HasSubstr(what));
    }
};

TEST_F(MoneyCommands, D2_CoinsAreGivenAndTakenByHandWithAReasonOnce) {
    const std::vector<std::string> credit{"wallet", "credit", anna, "12.50", "--reason", "за терпение", "--key", "k1", "--by", "ann"};
    done(credit, "done; key k1; balance 112.50");
    done(credit, "nothing happened; key k1; balance 112.50");
    done({"wallet", "debit", anna, "2.5", "--reason", "ошибка", "--json"}, R"("coins":"110.00")");
    done({"wallet", "show", anna}, "balance 110.00, held 0.00, available 110.00");
    done({"wallet", "show", anna, "--json"}, "за терпение");
    refused({"wallet", "credit", anna, "5"}, "--reason");
    refused({"wallet", "credit", anna, "5", "--reason", "  "}, "--reason");
    refused({"wallet", "debit", anna, "110.01", "--reason", "x"}, "not so many");
    refused({"wallet", "credit", anna, "0.001", "--reason", "x"}, "AMOUNT");
    refused({"wallet", "credit", "42", "5", "--reason", "x"}, "no user");
    done({"wallet", "verify"}, "holds");
    EXPECT_EQ(
        persona.sql("SELECT string_agg(actor || ' ' || action, ', ' ORDER BY id) FROM audit_log WHERE actor LIKE 'admin:%' LIMIT 1").substr(0, 23),
        "admin:ann wallet.adjust");
    EXPECT_EQ(persona.sql("SELECT count(*) FROM audit_log WHERE action = 'wallet.adjust'"), "2");
}

TEST_F(MoneyCommands, D6_PromoCodesAreMadeListedAndSwitchedOff) {
    done({"promo", "create", " spring-26 ", "--kind", "amount", "--value", "50", "--uses", "10", "--until", "2099-12-31"}, "made SPRING-26");
    refused({"promo", "create", "SPRING-26", "--kind", "bonus", "--value", "5"}, "already");
    refused({"promo", "create", "OTHER", "--kind", "discount", "--value", "95"}, "cannot be");
    refused({"promo", "create", "OTHER", "--kind", "amount", "--value", "5", "--until", "2020-01-01"}, "cannot be");
    refused({"promo", "create", "OTHER", "--kind", "amount", "--value", "5", "--until", "tomorrow"}, "a day is written");
    refused({"promo", "create", "x", "--kind", "amount", "--value", "5"}, "CODE");
    refused({"promo", "disable", "NOSUCH"}, "no code");
    done({"promo", "list"}, "2099-12-31");
    done({"promo", "disable", "spring-26"}, "SPRING-26 is off");
    const auto listed = json::parse(run({"promo", "list", "--json"}).output).as_array();
    ASSERT_EQ(listed.size(), 1u);
    EXPECT_EQ(listed[0].at("active").as_bool(), false);
    EXPECT_EQ(listed[0].at("until").as_string(), "2099-12-31T21:00:00.000000Z");  // the end of the day in Moscow
    EXPECT_EQ(persona.sql("SELECT string_agg(action || ' ' || subject, ', ' ORDER BY id) FROM audit_log WHERE subject LIKE 'promo:%'"),
              "promo.create promo:SPRING-26, promo.disable promo:SPRING-26");
}

TEST_F(MoneyCommands, D4_ReportsComeAsTableCsvAndJson) {
    done({"wallet", "credit", anna, "5", "--reason", "=1+1, \"why\"", "--by", "ann"}, "done");
    done({"report", "transactions"}, "adjustment:admin:ann");
    done({"report", "transactions", "--format", "csv"}, "105.00,\"'=1+1, \"\"why\"\"\"\r\n");
    done({"report", "revenue", "--format", "csv"}, "day,line,account,rows,coins\r\n");
    done({"report", "usage", "--from", "2026-01-01", "--to", "2026-01-02", "--format", "json"}, "[]");
    const auto users = json::parse(run({"report", "users", "--format", "json"}).output).as_array();
    ASSERT_EQ(users.size(), 1u);
    EXPECT_EQ(users[0].at("new").to_number<int>(), 1);
    refused({"report", "users", "--from", "2026-02-30"}, "--from");
    refused({"report", "users", "--from", "2026-02-02", "--to", "2026-02-01"}, "--from");
    refused({"report", "users", "--format", "xml"}, "xml");
}

}  // namespace
}  // namespace persona::e2e

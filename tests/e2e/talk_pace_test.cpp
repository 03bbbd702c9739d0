// D7, D8: Telegram's limits for us, and ours for a person.
#include "talk.hpp"

namespace persona::e2e {
namespace {

// The sender is quicker than by default, so that the burst of D8 is said within the test.
struct Pace : Talk<Pace> {
    static Options options() { return {.variables = {{"PERSONA_SEND_RATE", "100"}}, .worker = false}; }
};

std::vector<std::string> times_of_sends(Installation& home, std::int64_t chat) {
    std::vector<std::string> out;
    for (const auto& call : home.calls("sendMessage"))
        if (call.at("params").at("chat_id") == chat) out.emplace_back(call.at("at").as_string());
    return out;
}

TEST_F(Pace, D7_A429IsRepeatedInItsTimeAndDelaysNobodyElse) {
    Person anna(home()), boris(home());
    home().sandbox("POST", "/sandbox/faults",
                   json::object{{"method", "sendMessage"}, {"kind", "429"}, {"retry_after", 3}, {"count", 1}, {"chat_id", anna.id()}});
    anna.says("/start");
    ASSERT_TRUE(eventually([&] { return times_of_sends(home(), anna.id()).size() == 1; }));
    boris.says("/start").hears("Здравствуйте", 2);
    EXPECT_EQ(times_of_sends(home(), anna.id()).size(), 1u);
    anna.hears("Здравствуйте");
    const auto tries = times_of_sends(home(), anna.id());
    ASSERT_EQ(tries.size(), 2u);
    EXPECT_EQ(home().sql("SELECT timestamptz '" + tries[1] + "' - timestamptz '" + tries[0] + "' >= interval '3 s'"), "t");
    EXPECT_EQ(anna.heard(), 1);
}

TEST_F(Pace, D8_AFloodIsLimitedToldOnceAndHurtsNobodyElse) {
    Person flood(home()), calm(home());
    const auto processed = [&] { return std::stoi(home().sql("SELECT count(*) FROM processed_updates")); };
    const auto before = processed();
    for (int i = 0; i < 100; ++i) flood.says("/balance");
    calm.says("/start").hears("Здравствуйте", 2);
    ASSERT_TRUE(eventually([&] { return processed() == before + 101; }));
    flood.hears("Слишком много");
    ASSERT_TRUE(eventually([&] { return home().sql("SELECT count(*) FROM outbox WHERE state='ready'") == "0"; }));
    EXPECT_EQ(flood.heard("Слишком много"), 1);
    EXPECT_GE(flood.heard("Доступно"), 40);  // the burst
    EXPECT_LE(flood.heard("Доступно"), 60);  // and two a second
    EXPECT_EQ(flood.heard(), flood.heard("Доступно") + 1);
}

}  // namespace
}  // namespace persona::e2e

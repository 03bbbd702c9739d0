// Whatever is killed in the middle of a recording or a document: nothing is lost, nothing is doubled, it is paid once.
#include <signal.h>

#include "support/servers.hpp"
#include "work.hpp"

namespace persona::e2e {
namespace {

constexpr int times = 8;  // the voice is heard; a piece each

struct Crash : WorkTalk<Crash> {
    static Options options() { return unhurried(); }
    void SetUp() override {
        WorkTalk::SetUp();
        if (!home().bot().running()) home().bot().start();
        if (!home().worker().running()) home().worker().start();
    }

    // Two pieces are kept and more are to come.
    static void in_the_middle(Person& anna) {
        listens(anna);
        anna.sends("voice", clips().repeated(times)).hears(received);
        ASSERT_TRUE(
            eventually([&] { return anna.sql("SELECT count(*) >= 2 FROM job_pieces JOIN jobs j ON j.id = job_id WHERE j.user_id=$") == "t"; }));
    }
    // The lease of a killed worker runs out, without the wait.
    static void lose_lease(Person& anna) { anna.sql("UPDATE jobs SET lease_until = now() WHERE user_id=$ AND state = 'running'"); }
    static void heard_once(Person& anna) {
        anna.hears("✅ Готово", 90);
        anna.hears(what_next);
        const auto sent = documents(anna);
        ASSERT_EQ(sent.size(), 1u);
        const std::string text = content(sent[0]);
        int heard = 0;
        for (std::size_t at = 0; (at = text.find("hearts", at)) != std::string::npos; ++at) ++heard;
        EXPECT_EQ(heard, times) << text;
        EXPECT_EQ(anna.heard("✅ Готово"), 1);
        EXPECT_EQ(coins(anna), "95.00 0.00");
        EXPECT_EQ(charges(anna), "1");
        EXPECT_EQ(anna.sql("SELECT count(*) FROM user_transcripts WHERE user_id=$"), "1");
    }
    static std::filesystem::path scratch() { return std::filesystem::path(home().variables().at("PERSONA_DATA")) / "scratch"; }
};

TEST_F(Crash, P14_AKilledWorkerIsContinuedAndLeavesNoPlainRecording) {
    Person anna(home());
    in_the_middle(anna);
    home().worker().end(SIGKILL);
    EXPECT_FALSE(std::filesystem::is_empty(scratch())) << "the kill came too late for this test";
    home().worker().start();
    EXPECT_TRUE(std::filesystem::is_empty(scratch()));
    lose_lease(anna);
    heard_once(anna);
    EXPECT_TRUE(std::filesystem::is_empty(scratch()));
}

TEST_F(Crash, D16_AWorkerThatIsToldToStopPutsTheRecordingBack) {
    Person anna(home());
    in_the_middle(anna);
    const auto told = std::chrono::steady_clock::now();
    EXPECT_EQ(home().worker().end(SIGTERM), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - told, std::chrono::seconds(25));
    EXPECT_NE(anna.sql("SELECT count(*) FROM jobs WHERE user_id=$ AND state = 'running'"), "1") << "nothing waits for a lease";
    home().worker().start();
    heard_once(anna);
}

TEST_F(Crash, P14_AKilledBotFindsWhatTheWorkerDidMeanwhile) {
    Person anna(home());
    in_the_middle(anna);
    home().bot().end(SIGKILL);
    ASSERT_TRUE(eventually([&] { return anna.sql("SELECT count(*) FROM user_transcripts WHERE user_id=$") == "1"; }, 60));
    home().bot().start();
    heard_once(anna);
}

TEST_F(Crash, P14_PostgreSqlKilledInTheMiddle) {
    Person anna(home());
    in_the_middle(anna);
    test::postgres_kill();
    test::postgres_start();
    heard_once(anna);
}

TEST_F(Crash, D17_RedisKilledInTheMiddle) {
    Person anna(home());
    in_the_middle(anna);
    test::redis_kill();
    anna.says("/balance").hears("Отложено на текущую работу: 5.00");
    test::redis_start();
    heard_once(anna);
}

TEST_F(Crash, P14_ADocumentOrderedBeforeAllWereKilledComesOnce) {
    Person anna(home());
    anna.says("/start").hears("На счёте");
    anna.says(text_mode).hears("Пришлите текстовый файл");
    anna.sends("document", places::data() / "meeting_en.txt").hears("✅ Текстовый файл успешно загружен");
    home().worker().end(SIGKILL);
    anna.says("Сводка на 1 страницу").hears("Формирую");
    home().bot().end(SIGKILL);
    test::postgres_kill();
    test::redis_kill();
    test::postgres_start();
    test::redis_start();
    home().worker().start();
    home().bot().start();
    anna.hears("списано 1.00");
    EXPECT_EQ(documents(anna).size(), 1u);
    EXPECT_EQ(coins(anna), "99.00 0.00");
    EXPECT_EQ(charges(anna), "1");
}

}  // namespace
}  // namespace persona::e2e

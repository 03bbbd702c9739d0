// M6, M9, D11, D16, D17: whatever is killed, lost or spoilt, what a person said is answered and what it costs is taken once.
#include <libpq-fe.h>
#include <signal.h>

#include "support/servers.hpp"
#include "support/temporary_folder.hpp"
#include "talk.hpp"

namespace persona::e2e {
namespace {

const std::string long_text =
    "Иван: добрый день, коллеги, начинаем планёрку. Мария: отчёт готов, отправлю до пятницы. Пётр: договорились, остальное решим завтра утром.";

void has_a_transcript(Person& person) {
    person.says("📄 Текстовый транскрипт").hears("текстовый файл");
    person.says(long_text).hears("успешно загружен");
}

void kill_the_bot(Installation& home) { EXPECT_EQ(home.bot().end(SIGKILL), 128 + SIGKILL); }

struct Loss : Talk<Loss> {
    static Options options() { return {}; }
};

// By webhook every lane comes by itself; the poller waits until those that it has fetched are settled.
struct Killed : Talk<Killed> {
    static Options options() { return {.webhook = true}; }
};

// A dialogue step in whose middle the bot dies.
struct Moment {
    const char* name;
    void (*prepare)(Person&);
    void (*act)(Person&);
    const char* answer;
    const char* rows;  // what must be there once
    const char* expected;
};

const Moment moments[] = {
    {"registration", [](Person&) {}, [](Person& p) { p.says("/start"); }, "Здравствуйте",
     "SELECT count(*)||' '||sum(amount) FROM transactions WHERE user_id=$", "1 100.00"},
    {"a menu", [](Person& p) { p.says("/start").hears("Анна"); }, [](Person& p) { p.says("🤖 Бизнес-ассистент"); }, "Что у вас",
     "SELECT count(*) FROM user_states WHERE user_id=$", "1"},
    {"a setting", [](Person& p) { p.says("⚙️ Настройки").hears("Настройки"); }, [](Person& p) { p.says("🇬🇧 English"); }, "I speak English",
     "SELECT string_agg(language, ',') FROM user_settings WHERE user_id=$", "en"},
    {"a text", [](Person& p) { p.says("📄 Текстовый транскрипт").hears("текстовый файл"); }, [](Person& p) { p.says(long_text); }, "успешно загружен",
     "SELECT (SELECT count(*) FROM jobs WHERE user_id=$)||' '||(SELECT count(*) FROM user_transcripts WHERE user_id=$)", "1 1"},
    {"a paid document", [](Person& p) { has_a_transcript(p); }, [](Person& p) { p.says("Сводка на 1 страницу"); }, "Сводка на 1 страницу: списано",
     "SELECT (SELECT count(*) FROM holds WHERE user_id=$)||' '||(SELECT string_agg(amount::text, ',') FROM transactions WHERE user_id=$ AND "
     "type='charge')",
     "1 -1.00"},
};

// Every update waits at its commit as long as this lives.
class Commits {
public:
    explicit Commits(const std::string& dsn) : pg_(PQconnectdb(dsn.c_str())) { run("BEGIN; LOCK TABLE processed_updates IN ACCESS EXCLUSIVE MODE"); }
    ~Commits() { PQfinish(pg_); }
    Commits(const Commits&) = delete;
    int waiting() { return std::stoi(run("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation='processed_updates'::regclass")); }
    // As if the words of those who wait had never arrived.
    void drop_waiting() {
        run("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation='processed_updates'::regclass");
        EXPECT_TRUE(eventually([this] { return waiting() == 0; }));
    }

private:
    std::string run(const char* query) {
        PGresult* result = PQexec(pg_, query);
        std::string out = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
        PQclear(result);
        return out;
    }
    PGconn* pg_;
};

struct Struck {
    const Moment* moment;
    Person person;
};
std::vector<Struck> prepared(Installation& home) {
    std::vector<Struck> out;
    for (const Moment& moment : moments) moment.prepare(out.emplace_back(&moment, Person(home)).person);
    return out;
}

// Each is answered; `most` is how often the answer may be seen.
void expect_all_answered(std::vector<Struck>& all, int most) {
    for (auto& [moment, person] : all) {
        SCOPED_TRACE(moment->name);
        person.hears(moment->answer);
        EXPECT_EQ(person.sql(moment->rows), moment->expected);
        EXPECT_LE(person.heard(moment->answer), most);
    }
}

void kill_at_the_commit(Installation& home, bool lost) {
    auto all = prepared(home);
    {
        Commits commits(home.variables().at("DATABASE_URL"));
        for (auto& [moment, person] : all) moment->act(person);
        // Two connections write: the first two stand at their commit, the others behind them.
        ASSERT_TRUE(eventually([&] { return commits.waiting() >= 2; }));
        kill_the_bot(home);
        if (lost) commits.drop_waiting();
    }
    home.bot().start();
    expect_all_answered(all, 1);
}

TEST_F(Killed, M12_KilledBeforeTheCommit) { kill_at_the_commit(home(), true); }

// The server commits after the bot is dead: Telegram sends the update again, and it must not be done again.
TEST_F(Killed, M12_KilledWhileTheCommitIsUnderWay) { kill_at_the_commit(home(), false); }

TEST_F(Killed, M12_KilledAfterTheCommitBeforeTheAnswer) {
    auto all = prepared(home());
    const auto sent = [&] { return home().calls("sendMessage").size(); };
    const auto before = sent();
    // Said, but the bot does not know it yet.
    home().sandbox("POST", "/sandbox/faults", json::object{{"method", "sendMessage"}, {"kind", "slow"}, {"count", 5}, {"delay_ms", 3000}});
    for (auto& [moment, person] : all) moment->act(person);
    ASSERT_TRUE(eventually([&] { return sent() >= before + 5; }));
    kill_the_bot(home());
    home().sandbox("DELETE", "/sandbox/faults");
    home().bot().start();
    expect_all_answered(all, 2);  // what was on its way when the bot died may come once more
}

TEST_F(Loss, M9_TheNextInputContinuesTheSameStep) {
    Person writing(home()), looking(home()), reader(home());
    writing.says("📄 Текстовый транскрипт").hears("текстовый файл");
    looking.says("🖼 Мои аватары").hears("Мои аватары");
    has_a_transcript(reader);
    reader.says("⚙️ Настройки").hears("Настройки");
    reader.says("🇬🇧 English").hears("I speak English");
    kill_the_bot(home());
    home().bot().start();
    writing.says(long_text).hears("успешно загружен");
    looking.says("⬅️ Назад").hears("ИИ фотограф");
    reader.says("⬅️ Back").hears("Main menu");
    reader.says("One-page summary").hears("charged");
}

TEST_F(Loss, D16_SigtermEndsInOrderAndLosesNothing) {
    std::vector<Person> people;
    for (int i = 0; i < 20; ++i) people.emplace_back(home());
    for (auto& person : people) person.says("/start");
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(home().bot().end(SIGTERM), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
    for (auto& person : people) person.says("/balance");
    home().bot().start();
    for (auto& person : people) person.hears("Доступно");
    for (auto& person : people) {
        EXPECT_EQ(person.heard("Здравствуйте"), 1);
        EXPECT_EQ(person.heard("Доступно"), 1);
    }
}

// A supervisor kills after 20 s what does not end, and kills what could have been saved.
TEST_F(Loss, D16_SigtermEndsWhateverIsGone) {
    struct Gone {
        const char* what;
        std::function<void()> take, give_back;
    };
    std::unique_ptr<Commits> locked;
    const Gone all[]{
        {"PostgreSQL is killed", [] { test::postgres_kill(); }, [] { test::postgres_start(); }},
        {"every commit waits", [&] { locked = std::make_unique<Commits>(home().variables().at("DATABASE_URL")); }, [&] { locked.reset(); }},
        {"Redis is killed", [] { test::redis_kill(); }, [] { test::redis_start(); }},
        {"the Bot API does not answer",
         [&] { home().sandbox("POST", "/sandbox/faults", json::object{{"method", "*"}, {"kind", "slow"}, {"count", 100}, {"delay_ms", 120000}}); },
         [&] { home().sandbox("DELETE", "/sandbox/faults"); }},
    };
    for (const Gone& gone : all) {
        SCOPED_TRACE(gone.what);
        Person anna(home());
        anna.says("/start").hears("Здравствуйте");
        gone.take();
        anna.says("/balance");
        for (Program* program : {&home().bot(), &home().worker()}) {
            const auto began = std::chrono::steady_clock::now();
            EXPECT_EQ(program->end(SIGTERM), 0);
            EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
        }
        gone.give_back();
        home().bot().start();
        home().worker().start();
        anna.hears("Доступно", 60);
    }
}

TEST_F(Loss, D11_TheDatabaseGoesAndComesBack) {
    Person anna(home());
    anna.says("🤖 Бизнес-ассистент").hears("Что у вас");
    test::postgres_kill();
    ASSERT_TRUE(eventually([&] { return home().http("/readyz").status == 503; }));
    EXPECT_EQ(home().http("/healthz").status, 200u);
    anna.says("⬅️ Назад");
    EXPECT_EQ(home().http("/readyz").status, 503u);
    test::postgres_start();
    ASSERT_TRUE(eventually([&] { return home().http("/readyz").status == 200; }));
    anna.hears("Главное меню", 60);
    EXPECT_EQ(anna.heard("Главное меню"), 1);
    has_a_transcript(anna);  // the worker is back too
}

TEST_F(Loss, D17_PeopleGoOnWithoutRedis) {
    Person anna(home());
    anna.says("🖼 Мои аватары").hears("Мои аватары");
    test::redis_flush();
    anna.says("⬅️ Назад").hears("ИИ фотограф");
    test::redis_kill();
    anna.says("⬅️ Назад").hears("Работа с фото");
    EXPECT_TRUE(eventually([&] { return home().http("/readyz").body.contains("degraded"); }));
    EXPECT_EQ(home().http("/readyz").status, 200u);
    Person fresh(home());
    fresh.says("/start").hears("Здравствуйте");
    has_a_transcript(anna);
    anna.says("Сводка на 1 страницу").hears("списано");
    test::redis_start();
    EXPECT_TRUE(eventually([&] { return home().http("/readyz").body.contains("\"ready\""); }));
    anna.says("⬅️ Назад").hears("Бизнес-ассистент");
    anna.says("/balance").hears("99.00");
    EXPECT_EQ(fresh.sql("SELECT count(*)||' '||sum(amount) FROM transactions WHERE user_id=$"), "1 100.00");
}

TEST_F(Loss, M6_AStateThatDoesNotOpenIsToldAndKept) {
    Person anna(home()), other(home());
    anna.says("🖼 Мои аватары").hears("Мои аватары");
    const auto version = anna.sql("SELECT version FROM user_states WHERE user_id=$");
    anna.sql("UPDATE user_states SET state_data='\\xdeadbeef' WHERE user_id=$");
    test::redis_flush();
    anna.says("⬅️ Назад");
    // The tries go on for half a minute; the last one is now.
    const auto hasten = "UPDATE parked_updates SET tries=5, next_try=now() WHERE state='parked' AND lane=" + anna.key();
    EXPECT_TRUE(eventually([&] { return home().sql(hasten), anna.heard("Что-то пошло не так") == 1; }));
    EXPECT_TRUE(anna.keyboard().starts_with("🤖 Бизнес-ассистент|")) << anna.keyboard();
    EXPECT_EQ(anna.sql("SELECT state_data::text||' '||version FROM user_states WHERE user_id=$"), "\\xdeadbeef " + version);
    other.says("/start").hears("Здравствуйте");
}

// Of this whole suite, with everything that was killed in it.
TEST_F(Loss, T11_NoLogHoldsASecret) {
    const auto all = home().everything_that_left();
    EXPECT_GT(all.size(), 1000u);
    const auto token = home().variables().at("TELEGRAM_TOKEN");
    EXPECT_FALSE(all.contains(token));
    EXPECT_FALSE(all.contains(token.substr(token.find(':') + 1)));
    EXPECT_FALSE(all.contains(std::string(64, '5')));
    EXPECT_FALSE(all.contains("планёрку"));
}

}  // namespace
}  // namespace persona::e2e

// Answers of the assistant: streamed, remembered, paid once, forgotten.
#include "async/signal.hpp"
#include "studio.hpp"
#include "studio/assistant/memory.hpp"

namespace persona::bot {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* meeting = "Анна: Решили перенести запуск на пятницу.\nИгорь: Бюджет два миллиона.\n";
constexpr const char* unpaid = "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 0";
constexpr const char* paid_once = "99.50 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 0";

struct Answers : WorkTest {
    static Task<assistant::Memory> memory(Studio& s) {
        co_return co_await assistant::recall(s.pool, anna, co_await s.vault.key_of(anna, soon()), soon());
    }
    static Task<Voice::Answer> reply(std::string text) { co_return ai::Reply{std::move(text), ai::Mode::model}; }
    // A stream that goes on until the test opens it.
    static auto held_back(Signal& open, bool& opened) {
        return [&](ai::DialogueQuestion, ai::Heard heard) -> Task<Voice::Answer> {
            heard("Запуск пере");
            while (!opened) (void)co_await open.wait(soon());
            co_return ai::Reply{"Запуск перенесён.", ai::Mode::model};
        };
    }
};

TEST_F(Answers, ABasicAnswerShowsThePlacesAndIsPaidOnce) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.ask_question("Какой бюджет?", transcript);
        co_await s.until_said("Бюджет два миллиона.");
        co_await s.until_said("Списано 0.50 🪙, доступно 99.50 🪙");
        co_await s.until_quiet();
        EXPECT_TRUE(s.said("Базовый режим"));
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ((co_await memory(s)).exchanges.size(), 1u);
    });
}

TEST_F(Answers, WhatTheTranscriptDoesNotSayCostsNothing) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await s.ask_question("Сколько стоит слон?", co_await s.keep_transcript(meeting));
        co_await s.until_said("ничего не нашлось. Ничего не списано");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), unpaid);
        EXPECT_TRUE((co_await memory(s)).exchanges.empty());
    });
}

TEST_F(Answers, AnEngineThatFailsCostsNothing) {
    with([](Studio& s) -> Task<void> {
        s.assistant.speak = [](ai::DialogueQuestion, ai::Heard) -> Task<Voice::Answer> { throw Unavailable("HTTP 500 at https://engine.internal"); };
        s.hire();
        co_await s.ask_question("Кто?", co_await s.keep_transcript(meeting));
        co_await s.until_said("Не получилось ответить. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_FALSE(s.said("engine.internal"));
        EXPECT_EQ(co_await s.books(), unpaid);
    });
}

TEST_F(Answers, QuestionsWaitInTurnAndEachKnowsTheOnesBefore) {
    with([](Studio& s) -> Task<void> {
        int number = 0;
        s.assistant.speak = [&](ai::DialogueQuestion, ai::Heard) { return reply("Ответ " + std::to_string(++number) + "."); };
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(meeting);
        for (const char* question : {"Первый?", "Второй?", "Третий?"}) co_await s.ask_question(question, transcript);
        co_await s.until_said("Ответ 3.");
        co_await s.until_quiet();
        EXPECT_EQ(s.assistant.asked.size(), 3u);
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(s.assistant.asked[i].memory.size(), i);
        EXPECT_EQ(s.assistant.asked[2].memory[1].question, "Второй?");
        EXPECT_EQ(s.assistant.asked[2].memory[1].answer, "Ответ 2.");
        EXPECT_THAT(s.assistant.asked[2].transcript, HasSubstr("Бюджет"));
    });
}

TEST_F(Answers, AGrowingAnswerIsADraftWhereTheServerKnowsDrafts) {
    with([](Studio& s) -> Task<void> {
        Signal open(s.executor);
        bool opened = false;
        s.assistant.speak = held_back(open, opened);
        s.hire();
        co_await s.ask_question("Когда?", co_await s.keep_transcript(meeting));
        co_await s.telegram.heard("sendMessageDraft", 1);
        const auto& draft = std::ranges::find(s.telegram.asked, "sendMessageDraft", &telegram::test::Asked::method)->params;
        EXPECT_EQ(draft.at("text"), "Запуск пере");
        EXPECT_NE(draft.at("draft_id"), 0);
        opened = true;
        open.notify();
        co_await s.until_said("Списано 0.50");
        co_await s.until_quiet();
        EXPECT_TRUE(s.said("Запуск перенесён."));
        EXPECT_EQ(s.telegram.count("sendMessage"), 2u) << "the live message and the whole answer";
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Answers, WithoutDraftsTheLiveMessageGrowsAndBecomesTheAnswer) {
    with([](Studio& s) -> Task<void> {
        s.telegram.always["sendMessageDraft"] = [](const telegram::test::Asked&) -> Task<http::Response> {
            co_return telegram::test::BotApiServer::refuse(404, "Not Found: method not found");
        };
        Signal open(s.executor);
        bool opened = false;
        s.assistant.speak = held_back(open, opened);
        s.hire();
        co_await s.ask_question("Когда?", co_await s.keep_transcript(meeting));
        co_await s.until_said("Запуск пере …");
        opened = true;
        open.notify();
        co_await s.until_said("Запуск перенесён.\n\n💬 Списано 0.50");
        co_await s.until_quiet();
        EXPECT_EQ(s.telegram.count("sendMessage"), 1u) << "one message, edited";
        EXPECT_EQ(s.telegram.count("sendMessageDraft"), 1u);
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Answers, WhatIsForgottenWhileAnAnswerIsUnderWayStaysForgotten) {
    with([](Studio& s) -> Task<void> {
        Signal open(s.executor);
        bool opened = false;
        s.assistant.speak = held_back(open, opened);
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.ask_question("Когда?", transcript);
        co_await s.telegram.heard("sendMessageDraft", 1);
        std::vector<Effect> forget{ForgetDialogue{}};
        co_await s.act(std::move(forget));
        opened = true;
        open.notify();
        co_await s.until_said("Списано 0.50");
        co_await s.until_quiet();
        EXPECT_TRUE((co_await memory(s)).exchanges.empty());
        s.assistant.speak = [](ai::DialogueQuestion, ai::Heard) { return reply("Да."); };
        co_await s.ask_question("Ещё?", transcript);
        co_await s.until_said("доступно 99.00");
        EXPECT_EQ((co_await memory(s)).exchanges.size(), 1u) << "a new talk is remembered again";
    });
}

TEST_F(Answers, ADeletedTranscriptTakesTheTalkWithIt) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.ask_question("Какой бюджет?", transcript);
        co_await s.until_said("Списано 0.50");
        co_await s.until_quiet();
        EXPECT_EQ((co_await memory(s)).exchanges.size(), 1u);
        std::vector<Effect> erase{EraseTranscript{transcript}};
        co_await s.act(std::move(erase));
        EXPECT_TRUE((co_await memory(s)).exchanges.empty()) << "an answer quoted it";
    });
}

TEST_F(Answers, ACancelledAnswerIsNotPaidAndNobodyPaintsOn) {
    with([](Studio& s) -> Task<void> {
        Signal open(s.executor);
        bool opened = false;
        s.assistant.speak = held_back(open, opened);
        s.hire();
        const Uuid job = co_await s.ask_question("Когда?", co_await s.keep_transcript(meeting));
        co_await s.telegram.heard("sendMessageDraft", 1);
        std::vector<Effect> cancel{CancelJob{job}};
        co_await s.act(std::move(cancel));
        co_await s.until_said("✖️ Отменено. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), unpaid);
    });
}

TEST_F(Answers, TheMemoryIsSealedAndBounded) {
    assistant::Memory memory;
    for (int i = 0; i < 20; ++i) assistant::add(memory, {"question " + std::to_string(i), std::string(1000, 'a')});
    EXPECT_EQ(memory.exchanges.size(), assistant::most_exchanges);
    EXPECT_EQ(memory.exchanges.back().question, "question 19");
    std::string letters;
    for (int i = 0; i < 50'000; ++i) letters += "ж";
    assistant::add(memory, {letters, letters});
    std::size_t size = 0;
    for (const auto& e : memory.exchanges) size += e.question.size() + e.answer.size();
    EXPECT_LE(size, assistant::most_bytes + 6);
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await s.ask_question("Какой бюджет?", co_await s.keep_transcript(meeting));
        co_await s.until_said("Списано 0.50");
        const auto stored = co_await s.ask({"test.memory", "SELECT encode(memory, 'escape') FROM dialogues WHERE user_id = 1"});
        EXPECT_THAT(stored, Not(HasSubstr("exchanges")));
    });
}

}  // namespace
}  // namespace persona::bot

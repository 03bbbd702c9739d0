// T19 with a language model over HTTP: what the local engine makes in its stead is delivered, and free.
#include "ai/stand_in.hpp"

#include "ai/remote/chat/dialogue.hpp"
#include "ai/remote/chat/engine.hpp"
#include "studio.hpp"
#include "unit/ai/chat_server.hpp"

namespace persona::bot {
namespace {

using ai::test::ChatServer;
using testing::HasSubstr;

constexpr const char* meeting = "Анна: Решили перенести запуск на пятницу.\nИгорь: Бюджет два миллиона.\n";

// A chat model with the local engines behind it, as main wires them.
struct Model {
    explicit Model(Studio& s)
        : server(s.executor),
          client(s.http, server.config()),
          text(client, s.cpu),
          basic_text(s.cpu, ai::Mode::stand_in),
          documents(text, basic_text),
          talk(client, s.cpu),
          basic_talk(s.cpu, ai::Mode::stand_in),
          dialogue(talk, basic_talk) {
        server.always = [](const auto&) -> Task<http::Response> { co_return ChatServer::refuses(500, "server_error"); };
        s.pen.other = &documents;
        s.assistant.other = &dialogue;
    }
    ChatServer server;
    ai::ChatClient client;
    ai::ChatText text;
    ai::ExtractiveEngine basic_text;
    ai::TextWithStandIn documents;
    ai::ChatDialogue talk;
    ai::ExtractiveDialogue basic_talk;
    ai::DialogueWithStandIn dialogue;
};

struct StandIn : WorkTest {
    void with_model(std::function<Task<void>(Studio&, Model&)> body) {
        with([body](Studio& s) -> Task<void> {
            Model model(s);
            s.hire();
            co_await beside(s, model.server, body(s, model));
        });
    }
};

TEST_F(StandIn, T19_ADocumentInTheModelsSteadIsDeliveredAndFree) {
    with_model([](Studio& s, Model& model) -> Task<void> {
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.order_document("summary", transcript);
        co_await s.until_said("✅ Сводка на 1 страницу: ничего не списано, доступно 100.00 🪙.\n⚠️ Языковая модель не ответила");
        co_await s.until_quiet();
        EXPECT_GE(model.server.asked.size(), 1u);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 1");
    });
}

TEST_F(StandIn, T19_AModelThatComesBackIsPaidAgain) {
    with_model([](Studio& s, Model& model) -> Task<void> {
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.order_document("todo", transcript);
        co_await s.until_said("ничего не списано, доступно 100.00");
        model.server.always = [](const auto&) -> Task<http::Response> {
            co_return ChatServer::says(R"({"tasks":[{"text":"Перенести запуск","owner":"Анна","due":"пятница"}]})");
        };
        co_await s.order_document("todo", transcript);
        co_await s.until_said("списано 1.00 🪙, доступно 99.00 🪙");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 2u);
        EXPECT_EQ(co_await s.books(), "99.00 coins, 0.00 held; charged 1, voided 1; transcripts 1, documents 2");
    });
}

TEST_F(StandIn, T19_WithNothingToMakeItOfThereIsNoDocumentAndNoCharge) {
    with_model([](Studio& s, Model&) -> Task<void> {
        const Uuid transcript = co_await s.keep_transcript(" \n");
        co_await s.order_document("summary", transcript);
        co_await s.until_said("Транскрипт пустой.");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 0u);
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 0");
    });
}

TEST_F(StandIn, T19_AnAnswerInTheModelsSteadIsFree) {
    with_model([](Studio& s, Model&) -> Task<void> {
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.ask_question("Какой бюджет?", transcript);
        co_await s.until_said("Базовый режим вместо модели: ничего не списано, доступно 100.00 🪙.");
        co_await s.until_quiet();
        EXPECT_TRUE(s.said("Языковая модель сейчас не отвечает. Базовый режим"));
        EXPECT_TRUE(s.said("Бюджет два миллиона."));
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 0");
    });
}

TEST_F(StandIn, T19_AQuestionThatNobodyCanAnswerIsFree) {
    with_model([](Studio& s, Model&) -> Task<void> {
        const Uuid transcript = co_await s.keep_transcript(meeting);
        co_await s.ask_question("Сколько стоит слон?", transcript);
        co_await s.until_said("Не получилось ответить. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 0");
    });
}

}  // namespace
}  // namespace persona::bot

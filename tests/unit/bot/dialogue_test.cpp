// 💬 Диалог as tables: what is told before money is held, what waits, what is forgotten.
#include <gmock/gmock.h>

#include "bot/ids.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

const Uuid transcript = *Uuid::parse("01234567-89ab-7def-8123-456789abcdef");

Talk with_transcript(bool models = false) {
    Talk talk;
    talk.known.current.emplace(TranscriptRef{transcript, 3});
    talk.context.models = models;
    return talk;
}

std::string about(const Talk& talk) {
    const auto jobs = talk.all<StartJob>();
    return jobs.empty() ? "no job" : std::string(jobs.front().args.at("transcript").as_string());
}

}  // namespace

TEST(DialogueFlow, ThePriceAndTheModeAreToldBeforeAnythingIsAsked) {
    Talk talk = with_transcript();
    talk.say("💬 Диалог");
    EXPECT_EQ(talk.state.place, Place::dialogue);
    EXPECT_THAT(talk.text(), AllOf(HasSubstr("о транскрипте № 3"), HasSubstr("0.50 🪙"), HasSubstr("на счёте 100.00"), HasSubstr("Базовый режим")));
    EXPECT_THAT(talk.buttons(), AllOf(Contains("🧹 Забыть разговор"), Not(Contains("🌐 Свободный разговор"))));
    Talk model = with_transcript(true);
    model.say("💬 Диалог");
    EXPECT_THAT(model.text(), Not(HasSubstr("Базовый режим")));
    EXPECT_THAT(model.buttons(), Contains("🌐 Свободный разговор"));
}

TEST(DialogueFlow, WithoutAModelThereIsNoTalkWithoutATranscript) {
    Talk talk;
    talk.say("💬 Диалог");
    EXPECT_EQ(talk.state.place, Place::assistant);
    EXPECT_THAT(talk.text(), HasSubstr("отвечаю только по транскрипту"));
    Talk model;
    model.context.models = true;
    model.say("💬 Диалог");
    EXPECT_THAT(model.text(), HasSubstr("на любую тему"));
    model.say("Привет");
    EXPECT_EQ(about(model), "");
}

TEST(DialogueFlow, AQuestionIsHeldForAndAsked) {
    Talk talk = with_transcript();
    talk.say("💬 Диалог").say("Что решили?");
    const auto jobs = talk.all<StartJob>();
    ASSERT_EQ(jobs.size(), 1u);
    EXPECT_EQ(jobs[0].kind, "answer");
    EXPECT_EQ(jobs[0].args.at("question"), "Что решили?");
    EXPECT_EQ(about(talk), compact(transcript));
    EXPECT_EQ(jobs[0].payment->price, Coins::hundredths(50));
    EXPECT_THAT(talk.text(), HasSubstr("0.50 🪙, останется 99.50 🪙"));
    EXPECT_EQ(talk.all<Say>()[0].handle, live_message(jobs[0].id));
}

TEST(DialogueFlow, TheSubjectIsChosenAndKept) {
    Talk talk = with_transcript(true);
    talk.say("💬 Диалог").say("🌐 Свободный разговор");
    EXPECT_THAT(talk.buttons(), Contains("📄 О транскрипте"));
    EXPECT_EQ(state_from_json(to_json(talk.state)), talk.state);
    EXPECT_EQ(about(talk.say("Привет")), "");
    talk.say("📄 О транскрипте").say("Привет");
    EXPECT_EQ(about(talk), compact(transcript));
}

TEST(DialogueFlow, AQuestionWaitsInTurnAndOnlySoManyDo) {
    Talk talk = with_transcript();
    talk.say("💬 Диалог");
    talk.known.jobs->push_back({Uuid::v7(), "answer", ""});
    EXPECT_THAT(talk.say("Кто?").text(), HasSubstr("сразу после предыдущего"));
    EXPECT_EQ(talk.all<StartJob>().size(), 1u);
    talk.known.jobs->assign(3, {Uuid::v7(), "answer", ""});
    EXPECT_THAT(talk.say("Кто?").text(), HasSubstr("Три вопроса"));
    EXPECT_TRUE(talk.all<StartJob>().empty());
    talk.known.jobs->assign(3, {Uuid::v7(), "transcribe", ""});
    EXPECT_EQ(talk.say("Кто?").all<StartJob>().size(), 1u) << "other work does not count";
}

TEST(DialogueFlow, WhatCannotBePaidOrIsTooLongIsNotHeldFor) {
    Talk talk = with_transcript();
    talk.say("💬 Диалог");
    talk.known.funds = Funds{Coins::hundredths(49), {}};
    EXPECT_THAT(talk.say("Что решили?").text(), HasSubstr("Не хватает 0.01"));
    EXPECT_TRUE(talk.all<StartJob>().empty());
    talk.known.funds = Funds{Coins::hundredths(50), {}};
    EXPECT_THAT(talk.say(std::string(4001, 'x')).text(), HasSubstr("слишком длинный"));
    EXPECT_TRUE(talk.all<StartJob>().empty());
}

TEST(DialogueFlow, ItIsForgottenByAButtonAndByCancel) {
    Talk talk = with_transcript();
    talk.say("💬 Диалог").say("🧹 Забыть разговор");
    EXPECT_EQ(talk.all<ForgetDialogue>().size(), 1u);
    EXPECT_EQ(talk.state.place, Place::dialogue);
    const Uuid answer = Uuid::v7();
    *talk.known.jobs = {{answer, "answer", ""}, {Uuid::v7(), "transcribe", ""}};
    talk.say("/cancel");
    EXPECT_EQ(talk.all<ForgetDialogue>().size(), 1u);
    ASSERT_EQ(talk.all<CancelJob>().size(), 1u) << "only what belongs to the dialogue";
    EXPECT_EQ(talk.all<CancelJob>()[0].id, answer);
    EXPECT_EQ(talk.state.place, Place::assistant);
}

TEST(DialogueFlow, T22_AllFiveFormatsAreDescribedAndWhoWritesThem) {
    for (const bool models : {false, true}) {
        Talk talk;
        talk.context.models = models;
        talk.say("ℹ️ О форматах");
        for (const char* format : {"Полный официальный транскрипт", "Сводка на 1 страницу", "MoM", "ToDo-план", "Протокол заседания (Word)"})
            EXPECT_THAT(talk.text(), HasSubstr(format));
        EXPECT_EQ(talk.text().contains("базовый режим"), !models);
    }
}

}  // namespace persona::bot

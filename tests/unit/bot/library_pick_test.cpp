#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/ids.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

Uuid id(int n) { return Uuid::v5({}, std::to_string(n)); }
std::string tick(int n) { return "pick:0:" + compact(id(n)); }

Talk with_history(int size, bool more = false) {
    Talk talk;
    HistoryPage page{.items = {}, .more = more};
    for (int i = 0; i < size; ++i)
        page.items.push_back({.id = TranscriptId(id(i)),
                              .number = i + 1,
                              .source = "audio",
                              .duration = 60s,
                              .name = "n" + std::to_string(i),
                              .at = *from_iso("2026-11-22T12:00:00Z")});
    talk.known.history = page;
    talk.known.card = std::optional(Card{page.items.front(), {}});
    return talk;
}

}  // namespace

TEST(LibraryExport, EveryFormIsOfferedThatTheTranscriptHas) {
    Talk talk = with_history(1);
    talk.press("tr-ex:" + compact(id(0)));
    EXPECT_THAT(talk.inline_data(), ElementsAre(StartsWith("tr-out:txt:"), StartsWith("tr-out:srt:"), StartsWith("tr-out:docx:"),
                                                StartsWith("tr-out:md:"), StartsWith("tr:")));
    talk.known.card->value().entry.source = "text";
    talk.press("tr-ex:" + compact(id(0)));
    EXPECT_THAT(talk.inline_data(), Not(Contains(StartsWith("tr-out:srt:")))) << "a text has no times";
    EXPECT_TRUE(talk.press("tr-out:srt:" + compact(id(0))).all<StartJob>().empty());
}

TEST(LibraryExport, IsFreeAndOnceAtATime) {
    for (const char* form : {"txt", "srt", "docx", "md"}) {
        Talk talk = with_history(1);
        talk.press("tr-out:" + std::string(form) + ":" + compact(id(0)));
        ASSERT_EQ(talk.all<StartJob>().size(), 1u) << form;
        const StartJob job = talk.all<StartJob>().front();
        EXPECT_EQ(job.kind, "export");
        EXPECT_FALSE(job.payment);
        talk.known.jobs = {{job.id, job.kind, job.topic}};
        EXPECT_TRUE(talk.press("tr-out:" + std::string(form) + ":" + compact(id(0))).all<StartJob>().empty());
        EXPECT_THAT(talk.toast(), HasSubstr("уже готовится"));
    }
    Talk talk = with_history(1);
    EXPECT_TRUE(talk.press("tr-out:exe:" + compact(id(0))).all<StartJob>().empty());
}

TEST(LibraryPick, TicksComeAndGoOverPagesAndBeginAnew) {
    Talk talk = with_history(3, true);
    talk.press("pick:new");
    EXPECT_THAT(talk.redrawn(), HasSubstr("Пока ничего не выбрано."));
    EXPECT_THAT(talk.inline_data(), AllOf(Contains(tick(0)), Contains("pick:1"), Not(Contains("picked:del")), Each(SizeIs(testing::Le(64u)))));
    talk.press(tick(0)).press("pick:1").press(tick(2));
    EXPECT_THAT(talk.redrawn(), HasSubstr("Выбрано 2 транскрипта."));
    EXPECT_THAT(talk.inline_data(), AllOf(Contains("picked:del"), Contains("picked:zip"), Contains("picked:join")));
    EXPECT_EQ(talk.state.chosen, (std::vector{id(0), id(2)}));
    EXPECT_EQ(state_from_json(to_json(talk.state)), talk.state) << "survives a restart";
    talk.press(tick(0));
    EXPECT_EQ(talk.state.chosen, std::vector{id(2)});
    EXPECT_TRUE(talk.press("pick:new").state.chosen.empty());
}

TEST(LibraryPick, AtMostTwentyAtATime) {
    Talk talk = with_history(10);
    talk.press("pick:new");
    for (int i = 0; i < 20; ++i) talk.press(tick(i));
    EXPECT_THAT(talk.press(tick(20)).toast(), HasSubstr("Не больше 20"));
    EXPECT_EQ(talk.state.chosen.size(), 20u);
}

TEST(LibraryPick, DeletingAsksAboutExactlyThisChoice) {
    Talk talk = with_history(3);
    talk.press("pick:new").press(tick(0)).press(tick(1)).press("picked:del");
    EXPECT_THAT(talk.redrawn(), HasSubstr("Удалить 2 выбранных транскрипта"));
    EXPECT_TRUE(talk.all<EraseTranscript>().empty());
    const std::string yes = talk.inline_data().front();
    talk.press("pick:0").press(tick(2)).press(yes);
    EXPECT_THAT(talk.toast(), HasSubstr("Выбор изменился"));
    EXPECT_TRUE(talk.all<EraseTranscript>().empty()) << "an old yes does not delete what was ticked later";
    talk.press(tick(2)).press(yes);
    EXPECT_EQ(talk.all<EraseTranscript>().size(), 2u);
    EXPECT_THAT(talk.redrawn(), HasSubstr("Удалено 2 транскрипта."));
    EXPECT_THAT(talk.press(yes).toast(), HasSubstr("Ничего не выбрано"));
}

TEST(LibraryPick, ArchiveAndJoinAreFreeJobsOverTheChoice) {
    Talk talk = with_history(3);
    talk.press("pick:new").press(tick(0));
    EXPECT_THAT(talk.press("picked:join").toast(), HasSubstr("хотя бы два"));
    talk.press(tick(1));
    for (const char* form : {"zip", "join"}) {
        talk.press("picked:" + std::string(form));
        ASSERT_EQ(talk.all<StartJob>().size(), 1u);
        const StartJob job = talk.all<StartJob>().front();
        EXPECT_EQ(job.args.at("form").as_string(), form);
        EXPECT_EQ(job.args.at("transcripts").as_array().size(), 2u);
        EXPECT_FALSE(job.payment);
    }
    EXPECT_TRUE(talk.press("picked:dance").all<StartJob>().empty());
}

}  // namespace persona::bot

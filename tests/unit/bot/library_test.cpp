#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "talk.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;
using transcripts::Entry;
using transcripts::Made;

const Uuid some_id = *Uuid::parse("01234567-89ab-7def-8123-456789abcdef");
const std::string hex = compact(some_id);

Entry entry(std::string name, const char* at, std::int64_t number = 1) {
    return {.id = TranscriptId(some_id),
            .number = number,
            .source = "audio",
            .language = "en",
            .duration = 200s,
            .name = std::move(name),
            .made = {"transcript", "summary"},
            .at = *from_iso(at)};
}
Made made(std::string kind, bool kept = true) {
    return {.id = *Uuid::parse("11111111-89ab-7def-8123-456789abcdef"),
            .transcript = TranscriptId(some_id),
            .kind = kind,
            .file_name = kind + "_1.txt",
            .blob = "b",
            .at = *from_iso("2026-11-22T10:00:00Z"),
            .kept = kept};
}
Talk with_card(Entry shown, std::vector<Made> documents = {}) {
    Talk talk;
    talk.known.card = std::optional(Card{std::move(shown), std::move(documents)});
    return talk;
}

}  // namespace

TEST(History, T23_ListsNewestFirstInTheZoneWithNameTypeAndResult) {
    Talk talk;
    talk.known.history = HistoryPage{
        {entry("Планёрка", "2026-11-22T22:30:00Z", 3), entry("", "2026-11-21T09:00:00Z", 2), entry("b.txt", "2026-11-20T09:00:00Z", 1)}, false};
    talk.say("/history");
    EXPECT_THAT(talk.text(), StartsWith("Последние файлы:\n1. Планёрка — запись 3:20 → транскрипт, сводка, 23.11.2026 01:30\n2. Запись № 2 — "));
    EXPECT_THAT(talk.text(), HasSubstr("\n3. b.txt — "));
    EXPECT_THAT(talk.inline_data(), Contains("tr:" + hex + ":h0"));
}

TEST(History, T23_WithoutFilesItSaysSo) {
    Talk talk;
    EXPECT_THAT(talk.say("/history").text(), HasSubstr("У вас нет обработанных файлов."));
    EXPECT_THAT(talk.press("hist:4").redrawn(), HasSubstr("У вас нет обработанных файлов."));
}

TEST(History, T23_ManyArePagedInTheSameMessage) {
    Talk talk;
    talk.known.history = HistoryPage{std::vector<Entry>(10, entry("a", "2026-11-22T22:30:00Z")), true};
    talk.press("hist:2");
    EXPECT_THAT(talk.redrawn(), HasSubstr("\n21. a"));
    EXPECT_THAT(talk.inline_data(), AllOf(Contains("hist:1"), Contains("hist:3")));
    EXPECT_EQ(talk.all<Redraw>().front().message, MessageId(8));
    talk.event(Pressed{"hist:2", {}});
    EXPECT_THAT(talk.text(), HasSubstr("\n21. a")) << "a message too old to be edited is answered by a new one";
}

TEST(History, TenLongNamesFitIntoAMessage) {
    std::string name;
    for (int i = 0; i < 20; ++i) name += "👨‍👩‍👧‍👦";
    Talk talk;
    talk.known.history = HistoryPage{std::vector<Entry>(10, entry(name, "2026-11-22T22:30:00Z")), true};
    talk.say("/history");
    EXPECT_LE(telegram::utf16_units(talk.text()), 4096u);
}

TEST(Library, T23_TheCardTellsWhatItIsAndWhatWasMadeOfIt) {
    Talk talk = with_card(entry("Планёрка", "2026-11-22T22:30:00Z", 3), {made("summary"), made("transcript")});
    talk.press("tr:" + hex + ":h2");
    EXPECT_THAT(talk.redrawn(), AllOf(HasSubstr("Планёрка"), HasSubstr("№ 3, 23.11.2026 01:30"), HasSubstr("запись 3:20, язык: английский"),
                                      HasSubstr("транскрипт, сводка"), Not(HasSubstr("текущий"))));
    EXPECT_THAT(talk.inline_data(), AllOf(Contains("tr-use:" + hex), Contains("tr-name:" + hex), Contains("tr-docs:" + hex),
                                          Contains("tr-del:" + hex), Contains("hist:2")));
    talk.known.card->value().entry.current = true;
    talk.press("tr:" + hex);
    EXPECT_THAT(talk.redrawn(), HasSubstr("текущий транскрипт"));
    EXPECT_THAT(talk.inline_data(), AllOf(Not(Contains("tr-use:" + hex)), Contains("hist:0")));
}

TEST(Library, T15_AnyTranscriptOfAnyAgeIsMadeCurrent) {
    Talk talk = with_card(entry("Давняя", "2020-01-01T00:00:00Z", 1));
    talk.press("tr-use:" + hex);
    ASSERT_EQ(talk.all<MakeCurrent>().size(), 1u);
    EXPECT_EQ(talk.all<MakeCurrent>().front().transcript, some_id);
    EXPECT_THAT(talk.text(), AllOf(HasSubstr("Текущий транскрипт: «Давняя» (№ 1)"), HasSubstr("1.00")));
    EXPECT_THAT(talk.buttons(), Contains("Сводка на 1 страницу"));
    EXPECT_TRUE(talk.all<StartJob>().empty()) << "nothing is bought by choosing";
}

TEST(Library, T15_WhereFormatsAreOfferedTheCurrentOneIsNamed) {
    Talk talk;
    EXPECT_THAT(talk.say("ℹ️ О форматах").text(), Not(HasSubstr("Текущий транскрипт")));
    talk.known.current = TranscriptRef{some_id, 4, "Планёрка"};
    EXPECT_THAT(talk.say("ℹ️ О форматах").text(), HasSubstr("📌 Текущий транскрипт: № 4 «Планёрка»"));
}

TEST(Library, T16_ButtonsOfATranscriptThatIsGoneSaySo) {
    for (const char* prefix : {"tr:", "tr-use:", "tr-name:", "tr-docs:", "tr-del:", "tr-gone:"}) {
        Talk talk;
        talk.press(prefix + hex);
        EXPECT_THAT(talk.toast(), HasSubstr("Файл транскрипта не найден.")) << prefix;
        EXPECT_EQ(talk.effects.size(), 1u) << prefix;
    }
}

TEST(Library, RenamingTakesTheNextTextAndOnlyThat) {
    Talk talk = with_card(entry("a.txt", "2026-11-22T22:30:00Z"));
    talk.press("tr-name:" + hex);
    EXPECT_EQ(talk.state.place, Place::naming);
    EXPECT_THAT(talk.text(), HasSubstr("Как назвать «a.txt»?"));
    talk.say("  Бюджет \n на 2027  ");
    ASSERT_EQ(talk.all<Rename>().size(), 1u);
    EXPECT_EQ(talk.all<Rename>().front().name, "Бюджет на 2027");
    EXPECT_EQ(talk.all<Rename>().front().transcript, some_id);
    EXPECT_EQ(talk.state.place, Place::assistant);
    EXPECT_TRUE(talk.say("и ещё").all<Rename>().empty());
}

TEST(Library, ANameThatIsNoneIsRefusedKindlyAndAskedAgain) {
    struct Case {
        std::string text;
        const char* answer;
    };
    std::string eighty;
    for (int i = 0; i < 80; ++i) eighty += "ё";
    for (const Case& c : {Case{" \t ", "не может быть пустым"},
                          {eighty + "ё", "до 80 символов"},
                          {"a\x01"
                           "b",
                           "управляющие"},
                          {"a\xE2\x80\xAE"
                           "b",
                           "управляющие"}}) {
        Talk talk = with_card(entry("a", "2026-11-22T22:30:00Z"));
        talk.press("tr-name:" + hex).say(c.text);
        EXPECT_THAT(talk.text(), HasSubstr(c.answer));
        EXPECT_EQ(talk.state.place, Place::naming);
        EXPECT_TRUE(talk.all<Rename>().empty());
        EXPECT_EQ(talk.say(eighty).all<Rename>().size(), 1u);
    }
}

TEST(Library, ButtonsAndCommandsLeaveTheQuestionOfTheName) {
    for (const char* way : {"/start", "⬅️ Назад", "✖️ Отменить", "Главное меню", "/cancel"}) {
        Talk talk = with_card(entry("a", "2026-11-22T22:30:00Z"));
        talk.known.jobs = {{some_id, "transcribe", ""}};
        talk.press("tr-name:" + hex).say(way);
        EXPECT_NE(talk.state.place, Place::naming) << way;
        EXPECT_TRUE(talk.all<CancelJob>().empty()) << "the question is left, the work goes on: " << way;
    }
}

TEST(Library, DeletingAsksAndOnlyTheYesDeletes) {
    Talk talk = with_card(entry("a", "2026-11-22T22:30:00Z"), {made("summary"), made("mom")});
    talk.press("tr-del:" + hex);
    EXPECT_THAT(talk.redrawn(), AllOf(HasSubstr("Удалить «a»"), HasSubstr("2 документа")));
    EXPECT_TRUE(talk.all<EraseTranscript>().empty());
    EXPECT_THAT(talk.inline_data(), testing::ElementsAre("tr-gone:" + hex, "tr:" + hex));
    talk.press("tr-gone:" + hex);
    ASSERT_EQ(talk.all<EraseTranscript>().size(), 1u);
    EXPECT_EQ(talk.all<EraseTranscript>().front().transcript, some_id);
    EXPECT_THAT(talk.redrawn(), HasSubstr("«a» удалён"));
}

TEST(Library, ADocumentIsSentAgainFreeOfChargeWhileItIsKept) {
    Talk talk = with_card(entry("a", "2026-11-22T22:30:00Z"), {made("summary")});
    talk.press("tr-docs:" + hex);
    EXPECT_THAT(talk.inline_data(), Contains(StartsWith("tr-send:")));
    talk.known.document = made("summary");
    talk.press("tr-send:" + compact(made("summary").id));
    ASSERT_EQ(talk.all<SendFile>().size(), 1u);
    EXPECT_EQ(talk.all<SendFile>().front().file_name, "summary_1.txt");
    EXPECT_EQ(talk.all<SendFile>().front().caption, "📝 Сводка на 1 страницу");
    EXPECT_TRUE(talk.all<StartJob>().empty());
    talk.known.document = made("summary", false);
    talk.press("tr-send:" + compact(made("summary").id));
    EXPECT_TRUE(talk.all<SendFile>().empty());
    EXPECT_THAT(talk.toast(), HasSubstr("больше не хранится"));
}

TEST(Library, T24_DeletesExactlyTheLastFile) {
    Talk talk = with_card(entry("a.txt", "2026-11-22T22:30:00Z"));
    EXPECT_THAT(talk.say("🗑 Удалить мой файл").text(), HasSubstr("Нет файла для удаления."));
    EXPECT_TRUE(talk.all<EraseTranscript>().empty());
    talk.known.last_file = made("summary");
    talk.say("🗑 Удалить мой файл");
    EXPECT_THAT(talk.text(), AllOf(HasSubstr("Ваш последний файл удалён."), HasSubstr("summary_1.txt")));
    EXPECT_EQ(talk.all<EraseDocument>().size(), 1u);
    EXPECT_TRUE(talk.all<EraseTranscript>().empty()) << "the transcript stays";
    talk.known.last_file = made("text");
    talk.say("удалить мой файл");
    EXPECT_EQ(talk.all<EraseTranscript>().size(), 1u);
    EXPECT_THAT(talk.text(), AllOf(HasSubstr("Ваш последний файл удалён."), HasSubstr("a.txt")));
}

TEST(Library, EveryButtonFitsAndIsUnderstood) {
    Talk talk = with_card(entry("a", "2026-11-22T22:30:00Z"), {made("summary")});
    talk.known.history = HistoryPage{std::vector<Entry>(10, entry("a", "2026-11-22T22:30:00Z")), true};
    std::vector<std::string> ways{"hist:100000", "tr:" + hex + ":h100000"}, seen;
    while (!ways.empty()) {
        const std::string way = ways.back();
        ways.pop_back();
        if (std::ranges::find(seen, way) != seen.end() || seen.size() > 200) continue;
        seen.push_back(way);
        EXPECT_LE(way.size(), 64u) << way;
        talk.press(way);
        EXPECT_THAT(talk.toast(), Not(HasSubstr("Меню обновилось"))) << way;
        EXPECT_FALSE(talk.effects.empty()) << way;
        for (const std::string& next : talk.inline_data())
            if (!next.starts_with("hist:")) ways.push_back(next);
    }
    EXPECT_GT(seen.size(), 6u);
}

TEST(Recordings, T25_AfterAnErrorTheRecordingIsTakenAgainWithoutAnotherButton) {
    for (const char* again : {"🔁 Повторить", "Повторить", "🔁 Try again"}) {
        Talk talk;
        talk.say(again);
        EXPECT_EQ(talk.state.place, Place::await_audio) << again;
        talk.send({.kind = telegram::FileKind::voice, .id = "f", .unique_id = "u", .name = "", .mime = "audio/ogg", .bytes = 1000, .duration_s = 3});
        ASSERT_EQ(talk.all<StartJob>().size(), 1u) << again;
        EXPECT_EQ(talk.all<StartJob>().front().kind, "probe");
    }
    Talk silent;  // nor is the button needed
    silent.send({.kind = telegram::FileKind::voice, .id = "f", .unique_id = "u", .name = "", .mime = "audio/ogg", .bytes = 1000, .duration_s = 3});
    EXPECT_EQ(silent.all<StartJob>().size(), 1u);
}

}  // namespace persona::bot

#include "studio/transcripts/forms.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "media/text_split.hpp"
#include "studio/transcripts/join.hpp"
#include "studio/transcripts/srt.hpp"
#include "support/temporary_folder.hpp"

namespace persona::transcripts {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Transcript recording(std::vector<Line> lines) {
    return {.id = {}, .number = 1, .source = "audio", .language = "en", .duration = 60s, .lines = std::move(lines), .created_at = {}};
}
Transcript text(std::string words) {
    return {.id = {}, .number = 2, .source = "text", .language = "und", .lines = {{0ms, 0ms, std::move(words)}}, .created_at = {}};
}

struct Cue {
    std::int64_t start, end;
    std::vector<std::string> lines;
};

// A strict reader of SubRip; adds a failure at the first thing that is not as the format has it.
std::vector<Cue> read_srt(const std::string& srt) {
    std::vector<Cue> out;
    std::istringstream in(srt);
    const std::regex times(R"((\d\d):(\d\d):(\d\d),(\d\d\d) --> (\d\d):(\d\d):(\d\d),(\d\d\d))");
    for (std::string line; std::getline(in, line);) {
        EXPECT_EQ(line, std::to_string(out.size() + 1));
        std::smatch m;
        std::getline(in, line);
        if (!std::regex_match(line, m, times)) {
            ADD_FAILURE() << "no times: " << line;
            return out;
        }
        const auto ms = [&](std::size_t at) {
            return ((std::stoll(m[at]) * 60 + std::stoll(m[at + 1])) * 60 + std::stoll(m[at + 2])) * 1000 + std::stoll(m[at + 3]);
        };
        Cue cue{ms(1), ms(5), {}};
        while (std::getline(in, line) && !line.empty()) cue.lines.push_back(line);
        out.push_back(std::move(cue));
    }
    return out;
}

void expect_sound(const std::string& srt) {
    std::int64_t end = 0;
    for (const Cue& cue : read_srt(srt)) {
        EXPECT_GE(cue.start, end) << "never overlapping";
        EXPECT_GT(cue.end, cue.start);
        EXPECT_THAT(cue.lines, testing::AllOf(SizeIs(testing::Ge(1u)), SizeIs(testing::Le(2u))));
        for (const std::string& line : cue.lines) EXPECT_LE(media::utf16_units(line), 42u) << line;
        end = cue.end;
    }
}

std::string repeated(std::string_view what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
}

}  // namespace

TEST(Forms, TextHasParagraphsTimesAndSpeakers) {
    const auto talk = recording({{0ms, 4s, "Hello.", "Anna"},
                                 {4500ms, 9s, "How are you?", "Anna"},
                                 {9s, 12s, "Fine.", "Boris"},
                                 {20s, 25s, "And now?", "Boris"},
                                 {3661s, 3662s, "Late."}});
    EXPECT_EQ(to_txt(talk), "[0:00] Anna: Hello. How are you?\n\n[0:09] Boris: Fine.\n\n[0:20] Boris: And now?\n\n[1:01:01] Late.\n");
    EXPECT_EQ(to_txt(text("Первая строка\n\nВторая")), "Первая строка\n\nВторая\n");
}

TEST(Forms, ParagraphsEndWhereSomebodyElsePausesOrTheyAreLong) {
    std::vector<Line> lines;
    for (int i = 0; i < 30; ++i) lines.push_back({Millis(i * 1000), Millis(i * 1000 + 900), repeated("word ", 10) + "."});
    const auto turns = turns_of(recording(lines));
    EXPECT_GT(turns.size(), 1u);
    for (const auto& turn : turns) EXPECT_LT(turn.text.size(), 700u);
    EXPECT_THAT(turns_of(text("a\n \n\r\nb\n")), SizeIs(2));
    EXPECT_THAT(turns_of(recording({})), SizeIs(0));
}

TEST(Forms, MarkdownShowsWhatWasSaidLiterally) {
    const Heading heading{.title = "A*B #1", .date = "22.11.2026", .length = "1:00", .language = media::Language::en};
    EXPECT_EQ(to_markdown(recording({{0ms, 1s, "2 * 2 = [four] _now_", "Anna"}}), heading),
              "# A\\*B \\#1\n\nDate: 22.11.2026\n\nLength: 1:00\n\n**\\[0:00\\] Anna:** 2 \\* 2 = \\[four\\] \\_now\\_\n");
    EXPECT_THAT(to_markdown(text("1. one\n- two\n# three"), {.title = "t", .date = "d", .length = "", .language = media::Language::ru}),
                HasSubstr("\n1\\. one\n\n\\- two\n\n\\# three\n"));
}

TEST(Forms, TheDocumentHasItsHeadingAndBoldTimes) {
    const auto document =
        to_document(recording({{20s, 21s, "Hi.", "Anna"}}), {.title = "T", .date = "d", .length = "1:00", .language = media::Language::ru});
    EXPECT_EQ(media::to_plain_text(document).find("T"), 0u);
    ASSERT_THAT(document.blocks, SizeIs(3));
    const auto& line = std::get<media::Paragraph>(document.blocks[2]).line;
    ASSERT_THAT(line, SizeIs(2));
    EXPECT_TRUE(line[0].bold);
    EXPECT_EQ(line[0].text + line[1].text, "[0:20] Anna: Hi.");
}

TEST(Srt, CuesAreNumberedTimedAndWrapped) {
    EXPECT_EQ(
        to_srt(recording(
            {{0ms, 1500ms, "Hello there.", "Anna"}, {3'725'004ms, 3'726'000ms, "And\nbye.", "Anna"}, {3'727'000ms, 3'728'000ms, "Bye.", "Boris"}})),
        "1\n00:00:00,000 --> 00:00:01,500\nAnna: Hello there.\n\n"
        "2\n01:02:05,004 --> 01:02:06,000\nAnd bye.\n\n"
        "3\n01:02:07,000 --> 01:02:08,000\nBoris: Bye.\n\n");
    EXPECT_EQ(to_srt(text("no times")), "");
    EXPECT_EQ(to_srt(recording({})), "");
}

TEST(Srt, WhateverTheLinesAreTheCuesAreSound) {
    const std::vector<Line> cases[] = {
        {{0ms, 20s, repeated("слово ", 60)}},
        {{0ms, 5s, "a"}, {3s, 8s, "overlaps"}, {1s, 2s, "goes back"}, {2s, 2s, "no time"}},
        {{5s, 5s, repeated("long text without any time ", 30)}, {5s, 6s, "next"}},
        {{-5s, -1s, "before"}, {0ms, 1s, ""}, {1s, 2s, " \n\t "}},
        {{0ms, 10s, repeated("x", 500)}, {10s, 11s, repeated("👨‍👩‍👧‍👦", 30)}},
        {{0ms, 1s, "a --> b -->"}, {1s, 2s, "1\n\n2\n00:00:00,000 --> 00:00:01,000\nnot a cue"}},
        {{0ms, 1s, "x", repeated("A very long name of a speaker ", 4)}},
    };
    for (const auto& lines : cases) expect_sound(to_srt(recording(lines)));
    EXPECT_EQ(to_srt(recording({{0ms, 1s, "a-->b"}})).find("a-->b"), std::string::npos);
}

TEST(Srt, NothingThatWasSaidIsLost) {
    std::string said = repeated("один два три четыре пять ", 40), shown;
    for (const Cue& cue : read_srt(to_srt(recording({{0ms, 60s, said}}))))
        for (const std::string& line : cue.lines) shown += line + " ";
    EXPECT_EQ(shown, said);
}

TEST(Srt, FfmpegReadsWhatWeWrite) {
    if (std::system("command -v ffmpeg >/dev/null 2>&1") != 0) {
        if (std::getenv("PERSONA_REQUIRE_ALL") != nullptr) FAIL() << "ffmpeg is missing: apt-get install ffmpeg";
        GTEST_SKIP() << "ffmpeg is missing: apt-get install ffmpeg";
    }
    const TemporaryFolder folder;
    const auto path = (folder.path() / "talk.srt").string();
    const std::string ours = to_srt(recording(
        {{0ms, 4s, "Привет, это <b>проверка</b> {субтитров}.", "Анна"}, {4s, 24s, repeated("слово ", 60)}, {3'725'004ms, 3'726'000ms, "End."}}));
    std::ofstream(path) << ours;
    ASSERT_EQ(std::system(("ffmpeg -v error -xerror -i '" + path + "' -f srt '" + path + ".read' 2>'" + path + ".log'").c_str()), 0);
    std::ifstream log(path + ".log"), read(path + ".read");
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(log), {}), "");
    const auto theirs = read_srt(std::string(std::istreambuf_iterator<char>(read), {})), mine = read_srt(ours);
    ASSERT_EQ(theirs.size(), mine.size());
    for (std::size_t i = 0; i < mine.size(); ++i) EXPECT_EQ(std::tie(theirs[i].start, theirs[i].end), std::tie(mine[i].start, mine[i].end)) << i;
    EXPECT_EQ(theirs.back().lines, mine.back().lines);
}

TEST(Join, RecordingsFollowEachOtherInTime) {
    const auto one = joined({recording({{0ms, 1s, "a", "Anna"}}), recording({{2s, 70s, "b"}}), recording({{0ms, 1s, "c"}})});
    EXPECT_EQ(one.source, "audio");
    EXPECT_EQ(one.language, "en");
    EXPECT_EQ(one.lines[0].speaker, "Anna");
    EXPECT_EQ(one.lines[1].start, 62s);
    EXPECT_EQ(one.lines[2].start, 130s) << "behind what was said last, not only behind the measured length";
    EXPECT_EQ(one.duration, 190s);
    expect_sound(to_srt(one));
}

TEST(Join, TextsStandUnderTheirNames) {
    auto first = text("один"), second = recording({{0ms, 1s, "two", "Anna"}});
    first.name = "Первый";
    second.name = "Second";
    const auto one = joined({first, second});
    EXPECT_EQ(one.source, "text");
    EXPECT_EQ(one.language, "und");
    EXPECT_EQ(one.duration, 0s);
    EXPECT_EQ(one.text(), "Первый\n\nодин\n\nSecond\n\nAnna: two");
}

}  // namespace persona::transcripts

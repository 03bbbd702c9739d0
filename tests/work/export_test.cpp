// Free files from transcripts: what comes, that it costs nothing, and what a worker that dies leaves.
#include "studio.hpp"
#include "studio/transcripts/library.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* free_of_charge = "100.00 coins, 0.00 held; charged 0, voided 0; transcripts 2, documents 0";

struct Exports : WorkTest {
    static Task<Uuid> keep(Studio& s, std::int64_t number, std::string name, std::vector<transcripts::Line> lines) {
        const TranscriptId id(Uuid::v7());
        postgres::Work work;
        transcripts::save(work, anna, co_await s.vault.key_of(anna, soon()),
                          {.id = id,
                           .number = number,
                           .source = "audio",
                           .language = "en",
                           .duration = 60s,
                           .lines = std::move(lines),
                           .created_at = *from_iso("2026-11-22T12:00:00Z") + std::chrono::minutes(number),
                           .name = name});
        if (!co_await s.pool.commit(std::move(work), soon())) throw Error("refused");
        co_return id.value;
    }
    static Task<Uuid> order(Studio& s, std::string form, std::vector<Uuid> transcripts) {
        boost::json::array ids;
        for (const Uuid& id : transcripts) ids.push_back(boost::json::string(compact(id)));
        const Uuid id = Uuid::v7();
        std::vector<Effect> effects{
            StartJob{.id = id, .kind = "export", .topic = "", .args = {{"form", form}, {"transcripts", std::move(ids)}}, .payment = {}}};
        co_await s.act(std::move(effects));
        co_return id;
    }
    // The upload of the last file, as multipart.
    static std::string upload(const Studio& s) {
        for (auto call = s.telegram.asked.rbegin(); call != s.telegram.asked.rend(); ++call)
            if (call->method == "sendDocument") return call->body;
        return {};
    }
    static Task<void> until_files(Studio& s, std::size_t files) {
        co_await s.until([&s, files] { return s.documents_sent() == files; }, "a file");
        co_await s.until_quiet();
    }
};

TEST_F(Exports, EveryFormComesFreeUnderTheNameOfTheTranscript) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await keep(s, 1, "other", {{0ms, 1s, "Not this."}});
        const Uuid id = co_await keep(s, 2, "a/b: Call.mp3", {{0ms, 2s, "Hello.", "Anna"}, {2s, 4s, "Good morning.", "Bob"}});
        std::size_t files = 0;
        for (const auto& [form, content] : {std::pair{"txt", "[0:00] Anna: Hello.\n\n[0:02] Bob: Good morning."},
                                            {"srt", "00:00:02,000 --> 00:00:04,000\nBob: Good morning."},
                                            {"md", "# a/b: Call.mp3"},
                                            {"docx", "word/document.xml"}}) {
            co_await order(s, form, {id});
            co_await until_files(s, ++files);
            EXPECT_THAT(upload(s), AllOf(HasSubstr(content), HasSubstr("a_b_ Call." + std::string(form)))) << form;
        }
        EXPECT_EQ(co_await s.books(), free_of_charge);
    });
}

TEST_F(Exports, SeveralComeInOneArchive) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const Uuid one = co_await keep(s, 1, "one", {{0ms, 1s, "First."}}), two = co_await keep(s, 2, "two", {{0ms, 1s, "Second."}});
        co_await order(s, "zip", {two, one, Uuid::v7()});
        co_await until_files(s, 1);
        for (const char* name : {"1 one.txt", "1 one.srt", "1 one.docx", "2 two.txt"}) EXPECT_THAT(upload(s), HasSubstr(name));
        EXPECT_EQ(co_await s.books(), free_of_charge);
    });
}

TEST_F(Exports, JoinedTheyAreANewTranscriptThatIsCurrent) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const Uuid one = co_await keep(s, 101, "one", {{0ms, 1s, "First."}}), two = co_await keep(s, 102, "two", {{0ms, 1s, "Second."}});
        co_await order(s, "join", {two, one});
        co_await s.until_said("Текущий транскрипт: «one и ещё 1»");
        co_await s.until_quiet();
        EXPECT_THAT(upload(s), HasSubstr("[0:00] First.\n\n[1:00] Second."));
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 0; transcripts 3, documents 1");
        const auto current = co_await transcripts::current(s.pool, anna, co_await s.vault.key_of(anna, soon()), soon());
        EXPECT_EQ(current->name, "one и ещё 1");
        EXPECT_EQ(current->duration, 120s);
    });
}

TEST_F(Exports, T16_WhatWasDeletedMeanwhileIsSaidToBeGone) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await order(s, "txt", {Uuid::v7()});
        co_await s.until_said("Файл транскрипта не найден.");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 0u);
    });
}

}  // namespace
}  // namespace persona::bot

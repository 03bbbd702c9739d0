// Documents on bad days of the text engine and of the worker.
#include "studio.hpp"

namespace persona::bot {
namespace {

constexpr const char* minutes = "Anna: We decided to move the launch to Friday.\nBob: I will write the letter by Monday.\n";
constexpr const char* void_once = "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 1, documents 0";
constexpr const char* paid_once = "99.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1";

// The message that came with the keyboard of formats.
std::string with_formats(const Studio& s) {
    std::string out;
    for (const auto& call : s.telegram.asked) {
        const auto* markup = call.params.if_contains("reply_markup");
        if (call.method == "sendMessage" && markup && boost::json::serialize(*markup).contains("Протокол заседания"))
            out += call.params.at("text").as_string();
    }
    return out;
}

struct Documents : WorkTest {
    // Orders a summary of the text with this pen; gives what was said with the keyboard of formats.
    void refused(std::string text, std::function<Pen::Answer(int)> write, std::string words) {
        with([=](Studio& s) -> Task<void> {
            s.pen.write = write;
            s.hire();
            const Uuid transcript = co_await s.keep_transcript(text);
            co_await s.order_document("summary", transcript);
            co_await s.until_said(words);
            co_await s.until_quiet();
            EXPECT_THAT(with_formats(s), testing::HasSubstr(words));
            EXPECT_TRUE(s.said("✖️ Не сделано, ничего не списано."));  // the message that said it was being made
            EXPECT_FALSE(s.said("engine.internal"));
            EXPECT_EQ(s.documents_sent(), 0u);
            EXPECT_EQ(co_await s.books(), void_once);
        });
    }
};

TEST_F(Documents, T19_AnEngineThatFailsGivesNoDocumentAndNoCharge) {
    refused(
        minutes, [](int) -> Pen::Answer { throw Unavailable("HTTP 500 at https://engine.internal"); },
        "Не получилось сделать документ. Ничего не списано.");
}

TEST_F(Documents, T19_AnEngineThatAnswersWithNothingGivesNoDocumentAndNoCharge) {
    refused(minutes, [](int) -> Pen::Answer { return media::Document{}; }, "Не получилось сделать документ. Ничего не списано.");
}

TEST_F(Documents, T19_AnEmptyTranscriptGivesNoDocumentAndNoCharge) { refused(" \n", {}, "Транскрипт пустой."); }

TEST_F(Documents, P11_AnEngineThatFailsTwiceGivesOneDocumentAndOneCharge) {
    with([](Studio& s) -> Task<void> {
        s.pen.write = [](int time) -> Pen::Answer {
            if (time <= 2) throw Unavailable("timed out");
            return media::Document{.title = "Summary", .blocks = {media::Paragraph{{{"It is done.", false}}}}};
        };
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(minutes);
        co_await s.order_document("summary", transcript);
        co_await s.until_said("✅ Сводка на 1 страницу: списано 1.00");
        co_await s.until_quiet();
        EXPECT_EQ(s.pen.times, 3);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Documents, P14_AWorkerKilledWhileItWritesIsReplacedAndPaidOnce) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.pen.write = [&](int time) -> Pen::Answer {
            if (time == 1) {
                reached = true;
                gate.stand();
            }
            return media::Document{.title = "Summary", .blocks = {media::Paragraph{{{"It is done.", false}}}}};
        };
        Hired& first = s.hire();
        const Uuid transcript = co_await s.keep_transcript(minutes);
        co_await s.order_document("summary", transcript);
        co_await s.until([&] { return reached.load(); }, "the engine");
        co_await s.kill(first, [&] { gate.open(); });
        EXPECT_EQ(s.documents_sent(), 0u);
        s.hire();
        co_await s.until_said("✅ Сводка на 1 страницу: списано 1.00");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Documents, P10_AHoldVoidedElsewhereDeliversNothing) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.pen.write = [&](int) -> Pen::Answer {
            reached = true;
            gate.stand();
            return media::Document{.title = "Summary", .blocks = {media::Paragraph{{{"It is done.", false}}}}};
        };
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(minutes);
        const Uuid job = co_await s.order_document("summary", transcript);
        co_await s.until([&] { return reached.load(); }, "the engine");
        postgres::Work elsewhere;
        wallet::void_hold(elsewhere, OperationId(Uuid::v5(job, "operation")), "by the operator");
        EXPECT_TRUE(co_await s.pool.commit(std::move(elsewhere), soon()));
        gate.open();
        co_await s.until_said("Не получилось сделать документ.");
        co_await s.until_quiet();
        EXPECT_EQ(s.documents_sent(), 0u);
        EXPECT_EQ(co_await s.books(), void_once);
    });
}

TEST_F(Documents, P12_ADocumentWithoutTheCoinsIsNeverQueued) {
    with([](Studio& s) -> Task<void> {
        s.around.prices.output = Coins::hundredths(10001);
        s.hire();
        const Uuid transcript = co_await s.keep_transcript(minutes);
        bool refused = false;
        try {
            co_await s.order_document("summary", transcript);
        } catch (const Error& e) { refused = std::string_view(e.what()) == "refused: PS010"; }
        EXPECT_TRUE(refused);
        co_await s.until_quiet();
        EXPECT_EQ(s.pen.times, 0);
        EXPECT_EQ(co_await s.books(), "100.00 coins, 0.00 held; charged 0, voided 0; transcripts 1, documents 0");
    });
}

}  // namespace
}  // namespace persona::bot

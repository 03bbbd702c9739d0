// From a file at Telegram to a transcript, on bad days of the engine, the decoder, the worker and the database's books.
#include "studio.hpp"

namespace persona::bot {
namespace {

using testing::Contains;
using testing::HasSubstr;

constexpr const char* paid_once = "95.00 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1";
constexpr const char* void_once = "100.00 coins, 0.00 held; charged 0, voided 1; transcripts 0, documents 0";
constexpr const char* untouched = "100.00 coins, 0.00 held; charged 0, voided 0; transcripts 0, documents 0";

struct Recordings : WorkTest {};

TEST_F(Recordings, T8_AnEngineThatFailsTwiceGivesOneTranscriptAndOneCharge) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment& segment, int time) {
            if (segment.index == 1 && time <= 2) throw Unavailable("HTTP 500 by the engine");
        };
        s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(s.ears.heard(), "1 3 1");
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_THAT(s.texts(), Contains("Piece 0.\nPiece 1.\nPiece 2.").Times(1));
    });
}

TEST_F(Recordings, T9_AnEngineThatFailsForGoodCostsNothingAndLeavesNothing) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [](const ai::Segment&, int) { throw Unavailable("HTTP 500 at https://engine.internal"); };
        s.hire();
        co_await s.send_file(spoken(1));
        co_await s.until_said("Не получилось расшифровать запись. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_EQ(s.documents_sent(), 0u);
        EXPECT_FALSE(s.said("engine.internal"));
    });
}

TEST_F(Recordings, T10_ADecoderThatFailsIsToldWithoutItsWords) {
    const TemporaryFolder folder;
    const auto broken = folder.file("decoder", "#!/bin/sh\necho 'moov atom not found in /secret/place' >&2\nexit 1\n");
    std::filesystem::permissions(broken, std::filesystem::perms::owner_all);
    testing::internal::CaptureStderr();
    with(
        [](Studio& s) -> Task<void> {
            s.hire();
            co_await s.send_file(spoken(1));
            co_await s.until_said("Не получилось обработать файл. Ничего не списано.");
            co_await s.until_quiet();
            EXPECT_EQ(co_await s.books(), untouched);
            EXPECT_FALSE(s.said("moov"));
        },
        broken);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("moov atom not found"));
}

TEST_F(Recordings, T10_ADecoderKilledWhileItTranscribesCostsNothing) {
    const TemporaryFolder folder;
    const auto real = (places::programs() / "persona-decoder").string();
    const auto killed = folder.file("decoder", "#!/bin/sh\n[ \"$2\" = measure ] && exec '" + real + "' \"$@\"\nkill -9 $$\n");
    std::filesystem::permissions(killed, std::filesystem::perms::owner_all);
    with(
        [](Studio& s) -> Task<void> {
            s.hire();
            co_await s.send_file(spoken(1));
            co_await s.until_said("Не получилось расшифровать запись. Ничего не списано.");
            co_await s.until_quiet();
            EXPECT_EQ(co_await s.books(), void_once);
        },
        killed);
}

TEST_F(Recordings, P14_ASecondWorkerRepeatsNoFinishedPiece) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.ears.before = [&](const ai::Segment& segment, int time) {
            if (segment.index != 2 || time != 1) return;
            reached = true;
            gate.stand();
        };
        Hired& first = s.hire();
        co_await s.send_file(spoken(4));
        co_await s.until([&] { return reached.load(); }, "the third piece");
        co_await s.kill(first, [&] { gate.open(); });
        EXPECT_EQ(s.documents_sent(), 0u);
        s.hire();
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        // The piece in hand may have been finished and kept before the end reached it; no finished one is heard again.
        EXPECT_THAT(s.ears.heard(), testing::AnyOf("1 1 2 1", "1 1 1 1"));
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_THAT(s.texts(), Contains("Piece 0.\nPiece 1.\nPiece 2.\nPiece 3.").Times(1));
    });
}

TEST_F(Recordings, P14_KilledBetweenHoldAndWorkItIsDoneOnceByTheNextWorkers) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.ears.before = [&](const ai::Segment&, int time) {
            if (time != 1) return;
            reached = true;
            gate.stand();
        };
        Hired& first = s.hire();
        co_await s.send_file(spoken(1));
        co_await s.until([&] { return reached.load(); }, "the first piece");
        EXPECT_EQ(co_await s.books(), "100.00 coins, 5.00 held; charged 0, voided 0; transcripts 0, documents 0");
        co_await s.kill(first, [&] { gate.open(); });
        s.hire();
        s.hire();
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ(s.documents_sent(), 1u);
    });
}

TEST_F(Recordings, D16_ADrainedWorkerPutsTheRecordingBackForTheNextOne) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.ears.before = [&](const ai::Segment& segment, int time) {
            if (segment.index != 1 || time != 1) return;
            reached = true;
            gate.stand();
        };
        Hired& first = s.hire();
        co_await s.send_file(spoken(3));
        co_await s.until([&] { return reached.load(); }, "the second piece");
        TaskGroup draining(s.executor, "test");
        bool clean = true;
        draining.spawn("drain", [](Hired& one, bool& out) -> Task<void> { out = co_await one.worker.drain(Deadline::after(1ms)); }(first, clean));
        co_await s.until([&] { return first.worker.running() == 1; }, "the drain");
        gate.open();
        EXPECT_TRUE(co_await draining.join(soon()));
        s.hire();
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), paid_once);
        EXPECT_EQ(s.documents_sent(), 1u);
        EXPECT_EQ(s.ears.heard().front(), '1') << "a finished piece was repeated: " << s.ears.heard();
    });
}

TEST_F(Recordings, P14_AKilledMeasuringLeavesOneLiveMessage) {
    with([](Studio& s) -> Task<void> {
        bool asked = false;
        const auto answer = s.telegram.always["getFile"];
        s.telegram.always["getFile"] = [&](const telegram::test::Asked&) -> Task<http::Response> {
            asked = true;
            co_await pause(1h);
            co_return http::Response{};
        };
        Hired& first = s.hire();
        co_await s.send_file(spoken(1));
        co_await s.until([&] { return asked; }, "the download");
        co_await s.until_said("⏳ Файл получен!");
        co_await s.kill(first);
        s.telegram.always["getFile"] = answer;
        s.hire();
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_THAT(s.texts(), Contains(HasSubstr("⏳ Файл получен!")).Times(1));
        std::set<std::int64_t> edited;
        for (const auto& call : s.telegram.asked)
            if (call.method == "editMessageText") edited.insert(call.params.at("message_id").to_number<std::int64_t>());
        EXPECT_EQ(edited.size(), 1u);
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Recordings, AnotherLanguageIsFree) {
    with([](Studio& s) -> Task<void> {
        s.ears.log_probability = -1.5;
        s.hire();
        co_await s.send_file(spoken(2));
        co_await s.until_said("я слышу только английский");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_FALSE(s.said("Piece"));
    });
}

TEST_F(Recordings, SilenceIsFree) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        co_await s.send_file(wav(silence(5)));
        co_await s.until_said("В записи нет речи. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_EQ(s.ears.heard(), "");
    });
}

TEST_F(Recordings, T5_TooLongByMeasurementIsRefusedBeforeAnyHold) {
    with([](Studio& s) -> Task<void> {
        s.around.limits.recording_minutes = 1;
        s.hire();
        co_await s.send_file(wav(silence(61)));
        co_await s.until_said("Запись длиннее 1 минут");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), untouched);
    });
}

TEST_F(Recordings, DearerThanThePriceShownOnEntryItAsksFirst) {
    with([](Studio& s) -> Task<void> {
        s.around.prices.base_minutes = 1;
        s.hire();
        Samples minute = voice();
        minute.resize(61 * media::pcm_rate);
        const Uuid id = co_await s.send_file(wav(minute));
        co_await s.until_said("Расшифровать за 5.50");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), untouched);
        const auto recording = co_await transcripts::recording(s.pool, anna, id, soon());
        co_await s.act(start_transcription(context_of(s), id, {Recording::Work::none, recording->duration, recording->price, her_message},
                                           Coins::hundredths(10000)));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), "94.50 coins, 0.00 held; charged 1, voided 0; transcripts 1, documents 1");
    });
}

TEST_F(Recordings, APriceChangedDuringTheWorkConcernsTheNextOne) {
    with([](Studio& s) -> Task<void> {
        s.ears.before = [&](const ai::Segment&, int) { s.around.prices.transcription = Coins::hundredths(900); };
        s.hire();
        co_await s.send_file(spoken(1));
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), paid_once);
    });
}

TEST_F(Recordings, P10_AHoldVoidedElsewhereDeliversNothingAndIsDecidedOnce) {
    with([](Studio& s) -> Task<void> {
        Gate gate;
        std::atomic<bool> reached = false;
        s.ears.before = [&](const ai::Segment&, int) {
            reached = true;
            gate.stand();
        };
        s.hire();
        const Uuid id = co_await s.send_file(spoken(1));
        co_await s.until([&] { return reached.load(); }, "the first piece");
        postgres::Work elsewhere;
        wallet::void_hold(elsewhere, OperationId(recording_operation(id)), "by the operator");
        EXPECT_TRUE(co_await s.pool.commit(std::move(elsewhere), soon()));
        gate.open();
        co_await s.until_said("Не получилось расшифровать запись. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
        EXPECT_EQ(s.documents_sent(), 0u);
    });
}

TEST_F(Recordings, P11_SentAgainAfterAFailureItIsChargedForTheOneResult) {
    with([](Studio& s) -> Task<void> {
        std::atomic<bool> broken = true;
        s.ears.before = [&](const ai::Segment&, int) {
            if (broken) throw Unavailable("the engine is down");
        };
        s.hire();
        const std::string file = spoken(1);
        co_await s.send_file(file);
        co_await s.until_said("Не получилось расшифровать запись.");
        broken = false;
        co_await s.send_file(file);
        co_await s.until_said("✅ Готово");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), "95.00 coins, 0.00 held; charged 1, voided 1; transcripts 1, documents 1");
        EXPECT_EQ(s.documents_sent(), 1u);
    });
}

TEST_F(Recordings, P12_WithoutTheCoinsNothingIsHeldAndTheMissingAmountIsNamed) {
    with([](Studio& s) -> Task<void> {
        s.around.prices.transcription = Coins::hundredths(12345);
        s.hire();
        co_await s.send_file(spoken(1));
        co_await s.until_said("Не хватает 23.45");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), untouched);
        EXPECT_EQ(s.ears.heard(), "");
    });
}

TEST_F(Recordings, P12_ARecordingWhoseFileIsLostIsRefusedAndFree) {
    with([](Studio& s) -> Task<void> {
        s.around.prices.base_minutes = 0;  // asks first
        s.hire();
        const Uuid id = co_await s.send_file(spoken(1));
        co_await s.until_said("Расшифровать за");
        co_await s.until_quiet();
        std::filesystem::remove_all(s.folder.path() / "blobs");
        co_await s.act(
            start_transcription(context_of(s), id, {Recording::Work::none, 6s, Coins::hundredths(550), her_message}, Coins::hundredths(10000)));
        co_await s.until_said("Ничего не списано");
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.books(), void_once);
    });
}

}  // namespace
}  // namespace persona::bot

// whisper.cpp from the file to a piece, with a model of random weights: what it says is nonsense, all that is around it is not.
#include <gmock/gmock.h>

#include <fstream>

#include "ai/local/whisper/engine.hpp"
#include "ai/local/whisper/model_file.hpp"
#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "random_whisper.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace persona::ai {
namespace {

Segment noise(int seconds) {
    std::mt19937 random(1);
    std::normal_distribution<float> loud(0, 3000);
    Segment out{.index = 3, .begin = 2 * speech_rate};
    out.samples.resize(static_cast<std::size_t>(seconds) * speech_rate);
    for (auto& sample : out.samples) sample = static_cast<std::int16_t>(loud(random));
    return out;
}

struct WhisperTest : testing::Test {
    static void SetUpTestSuite() {
        folder = new TemporaryFolder;
        RandomWhisper::write(folder->path() / "multilingual.bin");
        RandomWhisper::write(folder->path() / "english.bin", RandomWhisper::english);
    }
    static void TearDownTestSuite() { delete folder; }

    static void with(const char* file, std::function<Task<void>(SpeechEngine&)> body) {
        run([&]() -> Task<void> {
            CpuPool cpu(2);
            const auto engine = whisper_speech({.model = folder->path() / file, .threads = 1}, co_await asio::this_coro::executor, cpu);
            co_await body(*engine);
        });
    }

    static inline TemporaryFolder* folder = nullptr;
};

TEST_F(WhisperTest, SaysWhatItHearsByItsModel) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        EXPECT_THAT(engine.languages(), testing::ElementsAre("ru", "en"));
        EXPECT_EQ(engine.longest_segment(), 30s);
        co_return;
    });
    with("english.bin", [](SpeechEngine& engine) -> Task<void> {
        EXPECT_THAT(engine.languages(), testing::ElementsAre("en"));
        const auto guess = co_await engine.guess(noise(1), Deadline::after(1min));
        EXPECT_EQ(guess->language, "en");
        EXPECT_EQ(guess->probability, 1);
    });
}

TEST_F(WhisperTest, ASegmentBecomesAPieceInTheLanguageThatWasNamed) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        const Segment segment = noise(5);
        const auto piece = co_await engine.transcribe(segment, {.language = "ru"}, Deadline::after(1min));
        EXPECT_TRUE(piece);
        EXPECT_EQ(piece->index, 3u);
        EXPECT_EQ(piece->begin, 2s);
        EXPECT_EQ(piece->end, 7s);
        EXPECT_EQ(piece->language, "ru");
        EXPECT_GT(piece->tokens, 0);
        EXPECT_LT(piece->log_probability, -1) << "random weights are sure of nothing";
        const auto again = co_await engine.transcribe(segment, {.language = "ru"}, Deadline::after(1min));
        EXPECT_EQ(piece->text, again->text);
    });
}

TEST_F(WhisperTest, FindsTheLanguageWhereNoneIsNamed) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        const Segment segment = noise(2);
        const auto guess = co_await engine.guess(segment, Deadline::after(1min));
        EXPECT_TRUE(guess);
        EXPECT_GT(guess->probability, 0);
        EXPECT_LE(guess->probability, 1);
        const auto piece = co_await engine.transcribe(segment, {}, Deadline::after(1min));
        EXPECT_EQ(piece->language, guess->language);
    });
}

TEST_F(WhisperTest, ASegmentOfAnyLengthGetsAnAnswer) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        for (const std::size_t size : {0u, 1u, 1000u, 20'000u})
            EXPECT_TRUE(co_await engine.transcribe({.samples = std::vector<std::int16_t>(size)}, {.language = "en"}, Deadline::after(1min))) << size;
        const auto longer = co_await engine.transcribe(noise(31), {}, Deadline::after(1min));
        EXPECT_EQ(longer.error(), SpeechError::refused);
    });
}

TEST_F(WhisperTest, CallersTakeTurnsAndACancelledOneEndsSoon) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        const Segment segment = noise(29);
        int heard = 0;
        const auto hear = [](SpeechEngine& whisper, const Segment& s, int& n) -> Task<void> {
            if (co_await whisper.transcribe(s, {.language = "en"}, Deadline::after(1min))) ++n;
        };
        for (int i = 0; i < 3; ++i) group.spawn("hear", hear(engine, segment, heard));
        EXPECT_TRUE(co_await group.join(Deadline::after(1min)));
        EXPECT_EQ(heard, 3);
        for (int i = 0; i < 2; ++i) group.spawn("hear", hear(engine, segment, heard));
        co_await asio::post(group.executor(), asio::use_awaitable);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(20s)));
        EXPECT_EQ(heard, 3);
        EXPECT_TRUE(co_await engine.transcribe(noise(1), {.language = "en"}, Deadline::after(1min))) << "it goes on after a cancel";
    });
}

TEST_F(WhisperTest, ADeadlineEndsAPiece) {
    with("multilingual.bin", [](SpeechEngine& engine) -> Task<void> {
        const Segment segment = noise(29);
        EXPECT_THROW(co_await engine.transcribe(segment, {}, Deadline::after(1ms)), TimedOut);
    });
}

TEST(WhisperModel, AWrongFileIsNamedAndNotRun) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "model.bin";
    EXPECT_THROW(read_whisper_model(file), BadConfig);
    std::ofstream(file) << "not a model at all, but long enough to be one of some kind";
    EXPECT_THROW(read_whisper_model(file), BadConfig);
    RandomWhisper::write(file);
    EXPECT_TRUE(read_whisper_model(file).multilingual());
    std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(4).write("\xff\xff\xff\x7f", 4);
    try {
        read_whisper_model(file);
        ADD_FAILURE() << "an impossible vocabulary is taken";
    } catch (const BadConfig& e) { EXPECT_THAT(e.what(), testing::HasSubstr("PERSONA_WHISPER_MODEL")); }
    RandomWhisper::write(file);
    std::filesystem::resize_file(file, 1 << 20);
    CpuPool cpu(1);
    asio::io_context io;
    EXPECT_THROW(whisper_speech({.model = file}, io.get_executor(), cpu), BadConfig) << "cut";
}

}  // namespace
}  // namespace persona::ai

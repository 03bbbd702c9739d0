// The real models on real voices; fails where cmake/models/fetch has not run.
#include <gmock/gmock.h>

#include <cmath>
#include <random>

#include "ai/language_gate.hpp"
#include "ai/local/speech.hpp"
#include "ai/segmenter.hpp"
#include "async/task_group.hpp"
#include "base/error.hpp"
#include "media/decode.hpp"
#include "support/places.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"
#include "support/word_errors.hpp"

namespace persona::ai {
namespace {

using Pcm = std::vector<std::int16_t>;

constexpr const char* reading = "and mister john dashwood had then leisure to consider how much there might be prudently in his power to do for them";

struct Transcript {
    std::vector<Piece> pieces;
    Hearing hearing{};

    std::string text() const {
        std::string joined;
        for (const Piece& piece : pieces) joined += piece.text + " ";
        return joined;
    }
};

class LocalSpeech : public testing::Test {
protected:
    static void SetUpTestSuite() {
        engine = local_speech({places::models()}, pool()).release();
        activity = new Silero(local_voice_activity({places::models()}));
    }
    static CpuPool& pool() {
        static CpuPool threads(1);
        return threads;
    }
    // On a loop that outlives the pool's threads.
    static std::expected<Piece, SpeechError> transcribe(const Segment& segment) {
        static asio::io_context loop(1);
        std::optional<std::expected<Piece, SpeechError>> heard;
        asio::co_spawn(loop, engine->transcribe(segment, {}, Deadline::after(1min)), [&](std::exception_ptr error, auto piece) {
            if (!error) heard = std::move(piece);
        });
        loop.restart();
        loop.run();
        return heard.value();
    }
    static void TearDownTestSuite() {
        delete engine;
        delete activity;
    }

    static Pcm clip(std::string_view name) {
        Pcm samples;
        const media::Decoder decoder(places::programs() / "persona-decoder");
        const auto decoded = decoder.decode(places::data() / "speech" / name, {}, [&](std::span<const std::int16_t> block) {
            return samples.insert(samples.end(), block.begin(), block.end()), true;
        });
        EXPECT_TRUE(decoded) << name;
        return samples;
    }

    static Transcript hear(const Pcm& samples, std::size_t block = 4096) {
        Transcript transcript;
        LanguageGate gate;
        Segmenter segmenter(activity->listen(), [&](Segment segment) {
            transcript.pieces.push_back(transcribe(segment).value());
            gate.add(transcript.pieces.back());
            return true;
        });
        for (std::span<const std::int16_t> rest(samples); !rest.empty(); rest = rest.subspan(std::min(block, rest.size())))
            segmenter.push(rest.first(std::min(block, rest.size())));
        segmenter.finish();
        transcript.hearing = gate.at_end();
        return transcript;
    }

    static inline SpeechEngine* engine = nullptr;
    static inline Silero* activity = nullptr;
};

TEST_F(LocalSpeech, NamesWhatItHears) {
    EXPECT_THAT(engine->languages(), testing::ElementsAre("en"));
    EXPECT_TRUE(engine->invents());
}

TEST_F(LocalSpeech, EnglishIsHeard) {
    struct Case {
        const char* file;
        const char* words;
        std::size_t errors;
    };
    for (const Case& c : {Case{"english_reading.ogg", reading, 1}, {"english_cards.ogg", "eight of spades four of clubs seven of hearts", 1}}) {
        const Transcript transcript = hear(clip(c.file));
        EXPECT_LE(word_errors(c.words, transcript.text()), c.errors) << transcript.text();
        EXPECT_EQ(transcript.hearing, Hearing::heard) << c.file;
        EXPECT_GT(transcript.pieces.at(0).log_probability, -0.3);
    }
}

TEST_F(LocalSpeech, RussianIsRefusedAndNotInvented) {
    for (const char* file : {"russian_reading_0043.ogg", "russian_reading_0662.ogg"}) {
        const Transcript transcript = hear(clip(file));
        EXPECT_EQ(transcript.hearing, Hearing::not_heard) << file << ": " << transcript.text();
    }
}

TEST_F(LocalSpeech, SilenceAndNoiseAreNoSpeech) {
    Pcm noise(10 * speech_rate), hum(10 * speech_rate);
    std::mt19937 random(3);
    for (auto& sample : noise) sample = static_cast<std::int16_t>(std::normal_distribution(0.0, 1500.0)(random));
    for (std::size_t i = 0; i < hum.size(); ++i) hum[i] = static_cast<std::int16_t>(6000 * std::sin(static_cast<double>(i) * 0.1));
    EXPECT_EQ(hear(Pcm(10 * speech_rate)).hearing, Hearing::no_speech) << "silence";
    EXPECT_EQ(hear(noise).hearing, Hearing::no_speech) << "noise";
    EXPECT_EQ(hear(hum).hearing, Hearing::no_speech) << "a tone";
    EXPECT_EQ(hear({}).hearing, Hearing::no_speech) << "nothing";
}

TEST_F(LocalSpeech, T6_ALongRecordingComesInPiecesAndInOrder) {
    const Pcm sentence = clip("english_reading.ogg");
    Pcm recording;
    std::string words;
    for (int i = 0; i < 5; ++i) {
        recording.insert(recording.end(), sentence.begin(), sentence.end());
        words += std::string(reading) + " ";
    }
    const Transcript transcript = hear(recording);
    ASSERT_GE(transcript.pieces.size(), 2u);
    Millis last{};
    for (const Piece& piece : transcript.pieces) {
        EXPECT_GE(piece.begin, last);
        EXPECT_LE(piece.end - piece.begin, 20s);
        EXPECT_FALSE(piece.looped);
        last = piece.end;
    }
    EXPECT_LE(word_errors(words, transcript.text()), words_of(words).size() / 10) << transcript.text();
}

TEST_F(LocalSpeech, TheSameSamplesGiveTheSamePieces) {
    const Pcm samples = clip("english_cards.ogg");
    const Transcript once = hear(samples, 4096), again = hear(samples, 700);
    ASSERT_EQ(once.pieces.size(), again.pieces.size());
    for (std::size_t i = 0; i < once.pieces.size(); ++i) {
        EXPECT_EQ(once.pieces[i].text, again.pieces[i].text);
        EXPECT_EQ(once.pieces[i].begin, again.pieces[i].begin);
        EXPECT_EQ(once.pieces[i].log_probability, again.pieces[i].log_probability);
    }
}

TEST_F(LocalSpeech, CancellingEndsAPiece) {
    const Segment segment{.samples = clip("english_cards.ogg")};
    run([&]() -> Task<void> {
        TaskGroup group(co_await asio::this_coro::executor, "test");
        bool heard = false;
        group.spawn("a piece", [](const Segment& s, bool& flag) -> Task<void> {
            flag = (co_await engine->transcribe(s, {}, Deadline::after(1min))).has_value();
        }(segment, heard));
        co_await asio::post(group.executor(), asio::use_awaitable);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(30s)));
        EXPECT_FALSE(heard);
    });
}

TEST_F(LocalSpeech, ADeadlineEndsAPiece) {
    const Segment segment{.samples = clip("english_cards.ogg")};
    EXPECT_THROW(run([&] { return engine->transcribe(segment, {}, Deadline::after(1ms)); }), TimedOut);
}

TEST_F(LocalSpeech, ASegmentOfAnyLengthGetsAnAnswer) {
    for (const std::size_t size : {0u, 1u, 100u, 1599u, 1601u}) EXPECT_TRUE(transcribe({.samples = Pcm(size)})) << size;
    EXPECT_EQ(transcribe({.samples = Pcm(21 * speech_rate)}).error(), SpeechError::refused);
}

TEST_F(LocalSpeech, MissingModelsAreNamed) {
    const TemporaryFolder folder;
    const ModelPaths runtime_only{folder.path()};
    std::filesystem::create_directories(runtime_only.onnx_runtime().parent_path());
    std::filesystem::create_symlink(ModelPaths{places::models()}.onnx_runtime(), runtime_only.onnx_runtime());
    EXPECT_THROW(local_speech(runtime_only, pool()), Corrupt);
}

}  // namespace
}  // namespace persona::ai

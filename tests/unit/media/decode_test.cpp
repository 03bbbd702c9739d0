#include "media/decode.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "base/error.hpp"
#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::media {
namespace {

using testing::HasSubstr;

std::filesystem::path media(std::string_view name) { return places::data() / "media" / name; }

struct Heard {
    std::vector<std::int16_t> samples;
    std::expected<Millis, DecodeFailure> result;
};

class Decode : public testing::Test {
protected:
    Heard hear(const std::filesystem::path& file, DecodeLimits limits = {}) {
        Heard heard;
        heard.result = decoder.decode(file, limits, [&](std::span<const std::int16_t> block) {
            heard.samples.insert(heard.samples.end(), block.begin(), block.end());
            return true;
        });
        return heard;
    }
    DecodeError error_of(const std::filesystem::path& file, DecodeLimits limits = {}) { return hear(file, limits).result.error().error; }

    Decoder decoder{places::programs() / "persona-decoder"};
    TemporaryFolder folder;
};

// Zero crossings tell that the fixtures' tone of 440 Hz came through with its pitch, hence with the right rate.
double pitch(std::span<const std::int16_t> samples) {
    int crossings = 0;
    for (std::size_t i = 1; i < samples.size(); ++i) crossings += (samples[i - 1] < 0) != (samples[i] < 0);
    return crossings / 2.0 / (static_cast<double>(samples.size()) / pcm_rate);
}

// A WAVE header of 16-bit mono at pcm_rate announcing `announced` bytes of sound.
std::string wave_header(std::uint32_t announced) {
    std::string header = "RIFF\xFF\xFF\xFF\x7FWAVEfmt ";
    const auto number = [&](std::uint32_t value, int bytes) {
        header.append(reinterpret_cast<const char*>(&value), static_cast<std::size_t>(bytes));
    };
    number(16, 4), number(1, 2), number(1, 2), number(pcm_rate, 4), number(2 * pcm_rate, 4), number(2, 2), number(16, 2);
    header += "data";
    number(announced, 4);
    return header;
}

// Hours of silence that take no space on the disk.
std::filesystem::path sparse_wave(const TemporaryFolder& folder, std::uint32_t seconds) {
    const auto file = folder.file("long", wave_header(seconds * 2 * pcm_rate));
    std::filesystem::resize_file(file, 44 + std::uintmax_t(seconds) * 2 * pcm_rate);
    return file;
}

// The one child of this thread, or -1.
pid_t the_child() {
    std::ifstream children("/proc/thread-self/children");
    pid_t child = -1;
    return children >> child ? child : -1;
}

TEST_F(Decode, T2_EveryFormatBecomesTheSameTone) {
    struct Case {
        const char* file;
        const char* codec;
        int ms;
        bool film;
    };
    for (const Case& c : {Case{"tone.mp3", "mp3", 3000, false},
                          {"tone_id3.mp3", "mp3", 3000, false},
                          {"tone_cover.mp3", "mp3", 3000, false},
                          {"tone.wav", "pcm_alaw", 3000, false},
                          {"tone.flac", "flac", 3000, false},
                          {"tone.m4a", "aac", 3000, false},
                          {"tone_vorbis.ogg", "vorbis", 3000, false},
                          {"tone_opus.ogg", "opus", 3000, false},
                          {"tone.aac", "aac", 3000, false},
                          {"tone.wma", "wmav2", 3000, false},
                          {"tone.aiff", "pcm_alaw", 1000, false},
                          {"film.mp4", "aac", 3000, true},
                          {"film.mov", "aac", 3000, true},
                          {"film.mkv", "vorbis", 3000, true},
                          {"film.webm", "opus", 3000, true},
                          {"film.avi", "mp3", 3000, true}}) {
        const auto info = decoder.probe(media(c.file), {});
        ASSERT_TRUE(info) << c.file << ": " << name(info.error().error) << " " << info.error().detail;
        EXPECT_EQ(info->codec, c.codec) << c.file;
        EXPECT_TRUE(info->has_audio);
        EXPECT_EQ(info->has_video, c.film) << c.file;
        EXPECT_NEAR(static_cast<double>(info->duration.count()), c.ms, 200) << c.file;
        const Heard heard = hear(media(c.file));
        ASSERT_TRUE(heard.result) << c.file;
        EXPECT_EQ(*heard.result, info->duration) << c.file;
        EXPECT_EQ(heard.samples.size() * 1000 / pcm_rate, static_cast<std::size_t>(info->duration.count())) << c.file;
        EXPECT_NEAR(pitch(heard.samples), 440, 20) << c.file;
    }
}

TEST_F(Decode, T2_TheNameOfTheFileDecidesNothing) {
    const auto disguised = folder.file("minutes.txt", read_file(media("tone_opus.ogg")));
    EXPECT_TRUE(hear(disguised).result);
    EXPECT_TRUE(hear(folder.file("музыка.mp3", read_file(media("film.webm")))).result);
    EXPECT_TRUE(hear(folder.file("no_name", read_file(media("tone.flac")))).result);
}

TEST_F(Decode, T4_WhatIsNoRecordingIsToldByContent) {
    struct Case {
        const char* name;
        std::string content;
    };
    for (const Case& c : {Case{"text.mp3", "Это не звук.\n"},
                          {"empty.wav", ""},
                          {"page.ogg", "%PDF-1.4\n%..."},
                          {"noise.m4a", std::string(5000, '\x03')},
                          {"photo.mp3", read_file(media("picture.jpg"))},
                          {"list.mp3", "#EXTM3U\nfile:///etc/passwd\n"}})
        EXPECT_EQ(error_of(folder.file(c.name, c.content)), DecodeError::not_media) << c.name;
    EXPECT_EQ(error_of(folder.path()), DecodeError::not_media);
}

TEST_F(Decode, T4_AFilmWithoutSoundSaysSo) {
    EXPECT_EQ(error_of(media("silent_film.mp4")), DecodeError::no_audio);
    const auto info = decoder.probe(media("silent_film.mp4"), {});
    ASSERT_TRUE(info);
    EXPECT_FALSE(info->has_audio);
    EXPECT_TRUE(info->has_video);
}

TEST_F(Decode, ABrokenOffFileGivesWhatItHas) {
    struct Case {
        const char* file;
        double share;
    };
    for (const Case& c : {Case{"tone.wav", 0.5}, {"film.mp4", 0.6}, {"tone.flac", 0.8}}) {
        const std::string whole = read_file(media(c.file));
        const Heard heard = hear(folder.file("cut", whole.substr(0, static_cast<std::size_t>(static_cast<double>(whole.size()) * c.share))));
        ASSERT_FALSE(heard.result) << c.file;
        EXPECT_EQ(heard.result.error().error, DecodeError::truncated) << c.file << " " << heard.result.error().detail;
        EXPECT_GT(heard.samples.size(), std::size_t(pcm_rate / 2)) << c.file;
        EXPECT_EQ(heard.result.error().decoded.count(), static_cast<std::int64_t>(heard.samples.size() * 1000 / pcm_rate)) << c.file;
    }
}

TEST_F(Decode, ACutWaveIsToldFromAWholeOne) {
    const std::string sound(10 * 2 * pcm_rate, '\0');
    struct Case {
        std::uint32_t announced;
        std::size_t there;
        bool whole;
    };
    for (const Case& c : {Case{10, 10, true}, {10, 5, false}, {10, 8, false}, {3600, 2, false}}) {
        const auto file = folder.file("wave", wave_header(c.announced * 2 * pcm_rate) + sound.substr(0, c.there * 2 * pcm_rate));
        EXPECT_EQ(hear(file).result.has_value(), c.whole) << c.announced << " s announced, " << c.there << " there";
    }
    // Recorders that write to a pipe cannot know the length.
    for (const std::uint32_t unknown : {0u, 0xFFFFFFFFu, 0x7FFFFFFFu}) {
        auto header = wave_header(unknown);
        EXPECT_TRUE(hear(folder.file("wave", header + sound)).result) << unknown;
    }
}

TEST_F(Decode, AFilmWhoseIndexIsMissingFails) {
    const std::string whole = read_file(media("tone.m4a"));  // its index stands at the end
    EXPECT_EQ(error_of(folder.file("cut", whole.substr(0, whole.size() / 2))), DecodeError::failed);
}

TEST_F(Decode, TheLengthIsCountedNotBelieved) {
    // The header announces an hour and the file holds two seconds.
    const auto liar = folder.file("liar.wav", wave_header(3600 * 2 * pcm_rate) + std::string(2 * 2 * pcm_rate, '\0'));
    const auto info = decoder.probe(liar, {});
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().error, DecodeError::truncated);
    EXPECT_EQ(info.error().decoded, 2000ms);
}

TEST_F(Decode, DamageInsideIsSteppedOver) {
    for (const char* file : {"tone.mp3", "tone_opus.ogg", "tone.aac", "tone.flac"}) {
        std::string content = read_file(media(file));
        std::memset(content.data() + content.size() / 2, 0x55, 300);
        const Heard heard = hear(folder.file("damaged", content));
        EXPECT_GT(heard.samples.size(), std::size_t(pcm_rate) * 3 / 2) << file;
    }
}

TEST_F(Decode, T10_HostileFilesEndInAnAnswer) {
    for (const char* file : {"tone.mp3", "tone.m4a", "tone.wma", "tone_vorbis.ogg", "film.webm", "film.avi", "film.mov", "tone.flac"}) {
        const std::string whole = read_file(media(file));
        std::uint32_t state = 1;
        for (int round = 0; round < 6; ++round) {
            std::string content = whole;
            for (int i = 0; i < 40; ++i) {
                state = state * 1664525 + 1013904223;
                content[16 + state % (content.size() - 16)] = static_cast<char>(state >> 24);
            }
            const Heard heard = hear(folder.file("hostile", content), {.wall = 20s});
            if (!heard.result) EXPECT_NE(heard.result.error().error, DecodeError::timed_out) << file << " " << round;
        }
    }
}

TEST_F(Decode, TooLongStopsAtTheBound) {
    const Heard heard = hear(sparse_wave(folder, 3600), {.max_duration = 5s});
    ASSERT_FALSE(heard.result);
    EXPECT_EQ(heard.result.error().error, DecodeError::too_long);
    EXPECT_EQ(heard.samples.size(), std::size_t(5 * pcm_rate));
}

TEST_F(Decode, T10_ABoundOnCpuTimeEndsTheChild) {
    const auto info = decoder.probe(sparse_wave(folder, 60'000), {.max_duration = 24h, .cpu_seconds = 1});
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().error, DecodeError::child_killed);
    EXPECT_THAT(info.error().detail, HasSubstr("killed by signal"));
}

#if !defined(__SANITIZE_ADDRESS__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)
TEST_F(Decode, T10_ABoundOnMemoryEndsTheChild) {
    // Too little to load the program's libraries: it ends before it can speak.
    EXPECT_THAT(error_of(media("film.webm"), {.memory_bytes = 1 << 20}), testing::AnyOf(DecodeError::child_killed, DecodeError::failed));
}
#endif

TEST_F(Decode, T10_AChildKilledInTheMiddleIsToldApart) {
    const auto long_file = sparse_wave(folder, 20'000);
    pid_t child = -1;
    const auto result = decoder.decode(long_file, {.max_duration = 24h}, [&](std::span<const std::int16_t>) {
        if (child < 0) {
            child = the_child();
            EXPECT_EQ(kill(child, SIGKILL), 0);
        }
        return true;
    });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, DecodeError::child_killed);
    EXPECT_THAT(result.error().detail, HasSubstr("signal 9"));
    EXPECT_EQ(kill(child, 0), -1) << "a process was left behind";
    EXPECT_TRUE(hear(media("tone.mp3")).result) << "the next recording is not affected";
}

TEST_F(Decode, TheChildIsConfined) {
    std::string status;
    (void)decoder.decode(sparse_wave(folder, 2'000), {.max_duration = 24h}, [&](std::span<const std::int16_t>) {
        if (status.empty()) status = read_file(fmt::format("/proc/{}/status", the_child()));
        return true;
    });
    EXPECT_THAT(status, HasSubstr("Seccomp:\t2"));  // a filter
    EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
}

TEST_F(Decode, TheDeadlineEndsTheChild) {
    const auto info = decoder.probe(sparse_wave(folder, 60'000), {.max_duration = 24h, .wall = 50ms});
    ASSERT_FALSE(info);
    EXPECT_EQ(info.error().error, DecodeError::timed_out);
}

TEST_F(Decode, CancellingEndsTheChild) {
    std::stop_source stop;
    const auto result = decoder.decode(sparse_wave(folder, 20'000), {.max_duration = 24h, .cancel = stop.get_token()},
                                       [&](std::span<const std::int16_t>) { return stop.request_stop(), true; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, DecodeError::cancelled);
}

TEST_F(Decode, ASinkThatHasEnoughEndsTheChild) {
    const auto result = decoder.decode(sparse_wave(folder, 20'000), {.max_duration = 24h}, [](std::span<const std::int16_t>) { return false; });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, DecodeError::cancelled);
}

TEST_F(Decode, ASinkThatThrowsLeavesNoChild) {
    EXPECT_THROW((void)decoder.decode(media("tone.mp3"), {}, [](std::span<const std::int16_t>) -> bool { throw Unavailable("disk full"); }),
                 Unavailable);
    EXPECT_EQ(the_child(), -1);
}

TEST_F(Decode, AMissingFileIsInfrastructure) {
    EXPECT_THROW((void)decoder.probe(folder.path() / "absent", {}), Unavailable);
    EXPECT_THROW(Decoder("/nowhere/persona-decoder"), BadConfig);
}

}  // namespace
}  // namespace persona::media

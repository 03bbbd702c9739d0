#include <gmock/gmock.h>

#include <random>

#include "ai/segmenter.hpp"

namespace persona::ai {
namespace {

constexpr PackingRules small{.longest = 20, .padding = 2, .pause = 6, .gap = 3, .fewest = 2};

struct Stretch {
    int frames;
    float probability;
};

std::vector<FrameRange> pack(const std::vector<float>& probabilities, PackingRules rules = small) {
    Packer packer(rules);
    std::vector<FrameRange> ranges;
    for (const float probability : probabilities)
        if (const auto range = packer.push(probability)) ranges.push_back(*range);
    if (const auto range = packer.finish()) ranges.push_back(*range);
    return ranges;
}

std::vector<float> frames(const std::vector<Stretch>& stretches) {
    std::vector<float> result;
    for (const Stretch& stretch : stretches) result.insert(result.end(), static_cast<std::size_t>(stretch.frames), stretch.probability);
    return result;
}

TEST(Packer, T6_CutsInSilenceFirst) {
    struct Case {
        const char* what;
        std::vector<Stretch> sound;
        std::vector<FrameRange> ranges;
    };
    for (const Case& c : {
             Case{"nothing", {}, {}},
             {"silence", {{50, 0}}, {}},
             {"speech to the end", {{5, 0.9F}}, {{0, 5}}},
             {"padding on both sides", {{10, 0}, {5, 0.9F}, {10, 0}}, {{8, 17}}},
             {"a short pause joins", {{4, 0.9F}, {5, 0}, {4, 0.9F}}, {{0, 13}}},
             {"a long pause parts", {{4, 0.9F}, {6, 0}, {4, 0.9F}}, {{0, 6}, {8, 14}}},
             {"a click is dropped", {{10, 0}, {1, 0.9F}, {10, 0}}, {}},
             {"begins at 0.4, goes on at 0.25", {{5, 0.39F}, {3, 0.41F}, {3, 0.26F}, {6, 0.24F}}, {{3, 13}}},
             {"the latest silence of the second half", {{5, 0.9F}, {3, 0}, {4, 0.9F}, {3, 0}, {9, 0.9F}}, {{0, 13}, {13, 24}}},
             {"a silence of the first half if there is no other", {{5, 0.9F}, {4, 0}, {15, 0.9F}}, {{0, 7}, {7, 24}}},
             {"no silence: the quietest frame of the last quarter", {{17, 0.9F}, {1, 0.5F}, {10, 0.9F}}, {{0, 17}, {17, 28}}},
         })
        EXPECT_THAT(pack(frames(c.sound)), testing::ElementsAreArray(c.ranges)) << c.what;
}

TEST(Packer, T6_ACutForLengthIsHeardTwice) {
    PackingRules rules = small;
    rules.overlap = 3;
    EXPECT_THAT(pack(frames({{17, 0.9F}, {1, 0.5F}, {10, 0.9F}, {10, 0}, {4, 0.9F}}), rules),
                testing::ElementsAre(FrameRange{0, 17}, FrameRange{14, 30, 3}, FrameRange{36, 42}));
    const auto ranges = pack(std::vector<float>(200, 0.9F), rules);
    ASSERT_GT(ranges.size(), 10u);
    for (std::size_t i = 1; i < ranges.size(); ++i) EXPECT_EQ(ranges[i].begin + ranges[i].overlap, ranges[i - 1].end);
}

TEST(Packer, T6_NoSpeechIsLostHoweverItIsSpread) {
    std::mt19937 random(7);
    for (int round = 0; round < 300; ++round) {
        std::vector<Stretch> sound;
        for (int i = 0; i < 40; ++i) sound.push_back({std::uniform_int_distribution(1, i % 7 == 0 ? 60 : 9)(random), i % 2 ? 0.9F : 0.0F});
        const auto probabilities = frames(sound);
        std::vector<int> covered(probabilities.size(), 0);
        std::int64_t last = 0;
        for (const FrameRange& range : pack(probabilities, {.longest = 20, .padding = 2, .pause = 6, .gap = 3, .fewest = 1})) {
            EXPECT_GE(range.begin, last);
            EXPECT_LE(range.end - range.begin, 20);
            EXPECT_GT(range.end, range.begin);
            last = range.end;
            for (std::int64_t i = range.begin; i < range.end; ++i) ++covered[static_cast<std::size_t>(i)];
        }
        for (std::size_t i = 0; i < probabilities.size(); ++i) EXPECT_EQ(probabilities[i] > 0 ? covered[i] : 1, 1) << round << " frame " << i;
    }
}

// Somebody speaks where the samples are loud.
VoiceActivity by_loudness() {
    return [](Frame frame) { return frame[0] > 1000 ? 0.9F : 0.0F; };
}

std::vector<std::int16_t> recording(std::size_t seconds) {
    std::vector<std::int16_t> samples(seconds * speech_rate + 77);
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i] = static_cast<std::int16_t>(i / 40'000 % 3 == 0 ? 0 : 2000 + i % 1000);
    return samples;
}

std::vector<Segment> segments(std::span<const std::int16_t> samples, std::size_t block) {
    std::vector<Segment> result;
    Segmenter segmenter(by_loudness(), [&](Segment segment) { return result.push_back(std::move(segment)), true; });
    for (; !samples.empty(); samples = samples.subspan(std::min(block, samples.size())))
        segmenter.push(samples.first(std::min(block, samples.size())));
    segmenter.finish();
    return result;
}

TEST(Segmenter, T6_BlocksOfAnySizeGiveTheSameSegments) {
    const auto samples = recording(90);
    const auto whole = segments(samples, samples.size());
    ASSERT_GT(whole.size(), 4u);
    for (const std::size_t block : {1u, 511u, 512u, 4096u, 100'003u}) {
        const auto parts = segments(samples, block);
        ASSERT_EQ(parts.size(), whole.size()) << block;
        for (std::size_t i = 0; i < whole.size(); ++i) {
            EXPECT_EQ(parts[i].begin, whole[i].begin);
            EXPECT_EQ(parts[i].samples, whole[i].samples);
        }
    }
}

TEST(Segmenter, T6_SegmentsAreTheRecordingsOwnSamples) {
    const auto samples = recording(90);
    std::int64_t last = 0, loud = 0;
    std::size_t index = 0;
    for (const Segment& segment : segments(samples, 4096)) {
        EXPECT_EQ(segment.index, index++);
        EXPECT_GE(segment.begin, last);
        EXPECT_LE(speech_time(segment.end() - segment.begin), 20s);
        EXPECT_TRUE(std::equal(segment.samples.begin(), segment.samples.end(), samples.begin() + segment.begin));
        last = segment.end();
        loud += std::ranges::count_if(segment.samples, [](int sample) { return sample > 1000; });
    }
    EXPECT_EQ(loud, std::ranges::count_if(samples, [](int sample) { return sample > 1000; }));
}

TEST(Segmenter, ASinkThatHasEnoughStopsIt) {
    int got = 0;
    Segmenter segmenter(by_loudness(), [&](Segment) { return ++got < 2; });
    EXPECT_FALSE(segmenter.push(recording(120)));
    EXPECT_FALSE(segmenter.finish());
    EXPECT_EQ(got, 2);
}

}  // namespace
}  // namespace persona::ai

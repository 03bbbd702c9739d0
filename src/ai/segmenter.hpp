// Cuts a recording into segments that an engine can hear: in silences where there are some, hard where there is none. It takes samples
// as they come and keeps at most one segment of them. The same samples always give the same segments, so a caller that was killed
// plays the recording again and skips the segments it has.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "ai/speech.hpp"

namespace persona::ai {

inline constexpr std::size_t frame_samples = 512;  // 32 ms, what voice activity is judged by
using Frame = std::span<const std::int16_t, frame_samples>;
// Probability of speech in the frame, 0 to 1; frames come in order.
using VoiceActivity = std::move_only_function<float(Frame)>;

// Lengths in frames of 32 ms.
struct PackingRules {
    int longest = 625;        // 20 s: a segment's length at most
    int padding = 9;          // kept before and after speech, as consonants start quietly
    int pause = 62;           // 2 s of silence end a segment, however short
    int gap = 8;              // a silence this long may be cut in its middle
    int fewest = 3;           // frames of speech in a segment; less is a click
    int overlap = 0;          // of a segment that was cut at `longest`, what the next one has too
    float begins = 0.4F;      // speech begins above this probability
    float continues = 0.25F;  // and goes on above this
};

// As an engine asks for: the longer its segments, the longer the pauses that they go over.
PackingRules packing_for(const SpeechEngine& engine);

// Half-open, in frames.
struct FrameRange {
    std::int64_t begin = 0, end = 0;
    std::int64_t overlap = 0;  // of its beginning, with the range before
    friend bool operator==(const FrameRange&, const FrameRange&) = default;
};

// Pure: probabilities in, ranges out. Every frame of speech but clicks is in one range, and in the overlap of the next; ranges are at most `longest`.
class Packer {
public:
    explicit Packer(PackingRules rules = {}) : rules_(rules) {}
    // At most one range gets ready by one frame.
    std::optional<FrameRange> push(float probability);
    std::optional<FrameRange> finish();
    // Frames before this one are not needed any more.
    std::int64_t needed_from() const;

private:
    std::int64_t best_cut() const;
    std::optional<FrameRange> close(std::int64_t end);
    FrameRange split();

    PackingRules rules_;
    bool speaking_ = false;
    std::int64_t next_ = 0;        // the frame that comes
    std::int64_t done_ = 0;        // end of the last range
    bool open_ = false;            // a range has begun
    std::int64_t overlap_ = 0;     // of the open range
    std::int64_t begin_ = 0;       // of the open range
    std::int64_t speech_end_ = 0;  // behind its last frame of speech
    std::vector<float> activity_;  // of its frames; 0 where silent
};

class Segmenter {
public:
    using Sink = std::function<bool(Segment)>;  // false: no more is wanted

    Segmenter(VoiceActivity activity, Sink sink, PackingRules rules = {});
    // Any number of samples. False once the sink has refused; nothing more is taken then.
    bool push(std::span<const std::int16_t> samples);
    // The recording ends: hands over what is left.
    bool finish();
    std::int64_t samples() const { return total_; }

private:
    void judge(Frame frame);
    void emit(const std::optional<FrameRange>& range);
    void forget();

    VoiceActivity activity_;
    Sink sink_;
    Packer packer_;
    std::vector<std::int16_t> kept_;  // from sample kept_from_
    std::int64_t kept_from_ = 0;
    std::int64_t judged_ = 0;  // samples that the packer has seen
    std::int64_t total_ = 0;
    std::size_t index_ = 0;
    bool wanted_ = true;
};

}  // namespace persona::ai

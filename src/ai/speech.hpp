// Speech to text, piece by piece: an engine hears one segment at a time, so that a caller can store each finished piece and go on
// behind it after a kill. Cutting a recording into segments is segmenter.hpp; whether its language was heard at all, language_gate.hpp.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "async/deadline.hpp"
#include "async/task.hpp"

namespace persona::ai {

inline constexpr int speech_rate = 16000;  // samples a second, mono, 16 bits, everywhere in this room

constexpr Millis speech_time(std::int64_t samples) { return Millis(samples * 1000 / speech_rate); }

// A stretch of a recording that holds speech. Indices count from 0 without gaps; their order is that of time, and none begins within
// another but by its overlap.
struct Segment {
    std::size_t index = 0;
    std::int64_t begin = 0;  // samples from the recording's start
    std::vector<std::int16_t> samples;
    std::int64_t overlap = 0;  // samples at its beginning that the one before it has too

    std::int64_t end() const { return begin + static_cast<std::int64_t>(samples.size()); }
};

// What was heard in the segment of the same index.
struct Piece {
    std::size_t index = 0;
    Millis begin{}, end{};
    std::string text;            // UTF-8; empty where nothing was said
    double log_probability = 0;  // mean over the tokens that repeat nothing, natural logarithm, 0 at best; 0 from an engine without it
    int tokens = 0;
    bool looped = false;        // the engine repeated itself; the repetition was cut off, and with it perhaps the segment's end
    std::string language = {};  // ISO 639-1, as the engine found it or was told; empty from one that knows a single language
    Millis overlap{};           // of its beginning that the piece before it heard too
};

// What is known before a segment is heard.
struct SpeechRequest {
    std::string language = {};  // ISO 639-1; empty: the engine finds it
};

struct LanguageGuess {
    std::string language;    // ISO 639-1
    double probability = 0;  // 0 to 1
};

enum class SpeechError : std::uint8_t {
    refused,   // the engine will not take this segment; others may pass
    unusable,  // it takes none until its operator acts: a key that is wrong, a quota that is used up. The log says which
};

class SpeechEngine {
public:
    virtual ~SpeechEngine() = default;

    // As people are told: "Whisper".
    virtual std::string_view name() const = 0;
    // ISO 639-1 codes of the languages it hears.
    virtual const std::vector<std::string>& languages() const = 0;
    // Whether it turns any language into words of its own, so that its pieces must pass a LanguageGate before anyone sees them.
    virtual bool invents() const = 0;
    // What it hears best at once; a longer segment is refused.
    virtual Millis longest_segment() const = 0;
    // How much of a segment that was cut for its length alone the next one hears too, so that no word is lost at the cut; seam.hpp joins
    // the texts.
    virtual Millis overlap() const { return Millis(0); }
    // Several may run at once. The segment must live until it ends. Throws Unavailable where the same segment may succeed later, TimedOut
    // at the deadline. Cancelling the caller ends it soon.
    virtual Task<std::expected<Piece, SpeechError>> transcribe(const Segment& segment, SpeechRequest request, Deadline deadline) = 0;
    // Which language is spoken, told without writing anything down. Nothing from an engine that cannot tell beforehand. Otherwise as
    // transcribe.
    virtual Task<std::optional<LanguageGuess>> guess(const Segment&, Deadline) { co_return std::nullopt; }
};

}  // namespace persona::ai

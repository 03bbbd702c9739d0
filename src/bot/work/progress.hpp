// What a person sees of a recording while it is heard: the live message with what is done and what is left, and the text so far as a
// draft.
#pragma once

#include "bot/work/draft.hpp"
#include "bot/work/transcription.hpp"

namespace persona::bot {

// How many pieces a recording has as far as can be told behind the piece of this number, which ends at `end`: the rest may hold pieces as
// short as those so far, and has at least what the engine cannot take at once.
std::int64_t pieces_in_all(std::int64_t number, Millis end, Millis total, Millis longest);

// The live message, at most every few seconds; a lost edit is only a lost edit.
class Progress {
public:
    explicit Progress(const Transcription& run);

    // heard: all of this course; the last one is new. longest: a piece of this engine. so_far: what may be shown of the text; empty where
    // it is not yet known to be what was said.
    Task<void> show(const std::vector<KeptPiece>& heard, Millis longest, std::string_view so_far);

private:
    std::string words(const std::vector<KeptPiece>& heard, Millis longest, Millis left) const;

    const Transcription& run_;
    Draft draft_;
    std::chrono::steady_clock::time_point started_, told_{};
    Millis first_end_{0};
};

}  // namespace persona::bot

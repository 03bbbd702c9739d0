// A transcript as SubRip subtitles: numbered cues, times with a comma before the milliseconds, at most two lines of 42 characters
// each (what the BBC's and Netflix's guidelines for subtitles ask for), never two cues at a time. A pure function.
#pragma once

#include <string>

#include "studio/transcripts/transcripts.hpp"

namespace persona::transcripts {

inline constexpr std::size_t srt_line_units = 42;  // UTF-16 units: never more characters than these

// UTF-8; empty where the transcript has no times. A stretch that is too long for a cue is shared out by its letters; a new speaker is named.
std::string to_srt(const Transcript& transcript);

}  // namespace persona::transcripts

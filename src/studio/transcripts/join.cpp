#include "studio/transcripts/join.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "studio/transcripts/forms.hpp"

namespace persona::transcripts {
namespace {

void add_recording_lines(Transcript& out, const Transcript& part) {
    for (const Line& line : part.lines) out.lines.push_back({out.duration + line.start, out.duration + line.end, line.text, line.speaker});
    // What is said last may end a little behind the measured length.
    const Millis end = part.lines.empty() ? Millis(0) : part.lines.back().end;
    out.duration += std::max(part.duration, end);
}

void add_text_lines(Transcript& out, const Transcript& part) {
    if (!part.name.empty()) out.lines.push_back({Millis(0), Millis(0), (out.lines.empty() ? "" : "\n") + part.name + "\n"});
    for (const Line& line : part.lines)
        out.lines.push_back({Millis(0), Millis(0), line.speaker.empty() ? line.text : line.speaker + ": " + line.text});
}

}  // namespace

Transcript joined(const std::vector<Transcript>& parts) {
    PERSONA_ASSERT(!parts.empty());
    const bool recordings = std::ranges::all_of(parts, has_times);
    const bool one_language = std::ranges::all_of(parts, [&](const Transcript& part) { return part.language == parts.front().language; });
    Transcript out{
        .id = {}, .source = recordings ? "audio" : "text", .language = one_language ? parts.front().language : "und", .lines = {}, .created_at = {}};
    for (const Transcript& part : parts) recordings ? add_recording_lines(out, part) : add_text_lines(out, part);
    return out;
}

}  // namespace persona::transcripts

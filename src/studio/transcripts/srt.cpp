#include "studio/transcripts/srt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "media/text_split.hpp"
#include "studio/transcripts/forms.hpp"

namespace persona::transcripts {
namespace {

struct Cue {
    Millis start, end;
    std::string text;  // one line or two
};

std::string time_text(Millis at) {
    const auto ms = at.count();
    return fmt::format("{:02}:{:02}:{:02},{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

// Words between blanks and controls; "-->" would be read as a line of times.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    const auto blank = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) <= ' '; };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && !blank(end)) ++end;
        std::string word(text.substr(at, end - at));
        for (std::size_t arrow; (arrow = word.find("-->")) != std::string::npos;) word.replace(arrow, 3, "→");
        if (media::utf16_units(word) > srt_line_units)
            std::ranges::move(media::split_text(word, srt_line_units), std::back_inserter(out));
        else if (!word.empty())
            out.push_back(std::move(word));
        at = end + 1;
    }
    return out;
}

std::vector<std::string> wrapped(std::string_view text) {
    std::vector<std::string> lines;
    for (std::string& word : words_of(text)) {
        if (!lines.empty() && media::utf16_units(lines.back()) + 1 + media::utf16_units(word) <= srt_line_units)
            lines.back() += " " + word;
        else
            lines.push_back(std::move(word));
    }
    return lines;
}

// Two lines to a cue.
std::vector<std::string> texts_of(std::string_view text) {
    std::vector<std::string> out;
    const auto lines = wrapped(text);
    for (std::size_t i = 0; i < lines.size(); i += 2) out.push_back(lines[i] + (i + 1 < lines.size() ? "\n" + lines[i + 1] : ""));
    return out;
}

// Shares the line's time out by letters, behind `free`; every cue has at least a millisecond.
void add_cues(std::vector<Cue>& cues, const Line& line, std::string_view text, Millis free) {
    const auto texts = texts_of(text);
    std::int64_t all = 0, before = 0;
    for (const std::string& one : texts) all += static_cast<std::int64_t>(media::utf16_units(one));
    const Millis begin = std::max({line.start, free, Millis(0)});
    const Millis length = std::max(line.end - begin, Millis(static_cast<std::int64_t>(texts.size())));
    for (const std::string& one : texts) {
        const Millis start = std::max(begin + length * before / all, cues.empty() ? Millis(0) : cues.back().end);
        before += static_cast<std::int64_t>(media::utf16_units(one));
        cues.push_back({start, std::max(begin + length * before / all, start + Millis(1)), one});
    }
}

}  // namespace

std::string to_srt(const Transcript& transcript) {
    if (!has_times(transcript)) return {};
    std::vector<Cue> cues;
    std::string speaker;
    for (const Line& line : transcript.lines) {
        const bool named = !line.speaker.empty() && line.speaker != speaker;
        speaker = line.speaker;
        add_cues(cues, line, named ? line.speaker + ": " + line.text : line.text, cues.empty() ? Millis(0) : cues.back().end);
    }
    std::string out;
    int number = 0;
    for (const Cue& cue : cues) out += fmt::format("{}\n{} --> {}\n{}\n\n", ++number, time_text(cue.start), time_text(cue.end), cue.text);
    return out;
}

}  // namespace persona::transcripts

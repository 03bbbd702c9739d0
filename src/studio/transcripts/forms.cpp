#include "studio/transcripts/forms.hpp"

#include <fmt/format.h>

namespace persona::transcripts {
namespace {

constexpr Millis long_pause{2000};
constexpr std::size_t paragraph_bytes = 600;

struct Words {
    const char *date, *length;
};
const Words& words(media::Language language) {
    static constexpr Words russian{"Дата", "Длительность"}, english{"Date", "Length"};
    return language == media::Language::ru ? russian : english;
}

std::string stamp(Millis at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).count();
    if (seconds >= 3600) return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

// "[0:20] Anna: ", or less of it.
std::string opening(const Turn& turn) {
    std::string out;
    if (turn.start) out += "[" + stamp(*turn.start) + "] ";
    if (!turn.speaker.empty()) out += turn.speaker + ": ";
    return out;
}

std::vector<Turn> paragraphs(const Transcript& transcript) {
    std::vector<Turn> out;
    for (const Line& line : transcript.lines)
        for (std::size_t at = 0; at < line.text.size();) {
            const std::size_t end = std::min(line.text.find('\n', at), line.text.size());
            const std::string_view text = std::string_view(line.text).substr(at, end - at);
            if (text.find_first_not_of(" \t\r") != std::string_view::npos) out.push_back({{}, line.speaker, std::string(text)});
            at = end + 1;
        }
    return out;
}

bool continues(const Turn& turn, const Line& before, const Line& line) {
    return turn.speaker == line.speaker && line.start - before.end < long_pause && turn.text.size() < paragraph_bytes;
}

// Backslashes are taken by every Markdown before punctuation; a number or sign at the beginning of a line would begin a list or a heading.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("\\`*_{}[]<>#|~").find(c) != std::string_view::npos) out += '\\';
        out += c == '\n' ? ' ' : c;
    }
    const std::size_t digits = out.find_first_not_of("0123456789");
    if (digits != std::string::npos && digits > 0 && (out[digits] == '.' || out[digits] == ')')) out.insert(digits, "\\");
    if (!out.empty() && (out[0] == '-' || out[0] == '+' || out[0] == '=')) out.insert(0, "\\");
    return out;
}

}  // namespace

bool has_times(const Transcript& transcript) { return transcript.source == "audio"; }

std::vector<Turn> turns_of(const Transcript& transcript) {
    if (!has_times(transcript)) return paragraphs(transcript);
    std::vector<Turn> out;
    const Line* before = nullptr;
    for (const Line& line : transcript.lines) {
        if (before && continues(out.back(), *before, line))
            out.back().text += " " + line.text;
        else
            out.push_back({line.start, line.speaker, line.text});
        before = &line;
    }
    return out;
}

std::string to_txt(const Transcript& transcript) {
    if (!has_times(transcript)) return transcript.text() + "\n";
    std::string out;
    for (const Turn& turn : turns_of(transcript)) out += (out.empty() ? "" : "\n") + opening(turn) + turn.text + "\n";
    return out;
}

std::string to_markdown(const Transcript& transcript, const Heading& heading) {
    const Words& fixed = words(heading.language);
    std::string out = "# " + escaped(heading.title) + "\n\n" + fixed.date + ": " + heading.date + "\n";
    if (!heading.length.empty()) out += "\n" + std::string(fixed.length) + ": " + heading.length + "\n";
    for (const Turn& turn : turns_of(transcript)) {
        std::string first = opening(turn);
        if (!first.empty()) first = "**" + escaped(first.substr(0, first.size() - 1)) + "** ";
        out += "\n" + first + escaped(turn.text) + "\n";
    }
    return out;
}

media::Document to_document(const Transcript& transcript, const Heading& heading) {
    const Words& fixed = words(heading.language);
    media::Document out{.title = heading.title,
                        .language = heading.language,
                        .author = {},
                        .created = transcript.created_at,
                        .blocks = {media::KeyValue{fixed.date, heading.date}}};
    if (!heading.length.empty()) out.blocks.push_back(media::KeyValue{fixed.length, heading.length});
    for (const Turn& turn : turns_of(transcript)) {
        media::Line line;
        if (const std::string first = opening(turn); !first.empty()) line.push_back({first, true});
        line.push_back({turn.text, false});
        out.blocks.push_back(media::Paragraph{std::move(line)});
    }
    return out;
}

}  // namespace persona::transcripts

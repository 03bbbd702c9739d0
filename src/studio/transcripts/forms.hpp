// A transcript as files to keep: text, Markdown, a Word document; subtitles stand in srt.hpp. Pure functions.
#pragma once

#include "media/document.hpp"
#include "studio/transcripts/transcripts.hpp"

namespace persona::transcripts {

// What stands above the text.
struct Heading {
    std::string title;
    std::string date;    // as the reader is to see it
    std::string length;  // empty for a text
    media::Language language = media::Language::ru;
};

// One paragraph: what somebody said without a long pause. start is nothing where the transcript has no times.
struct Turn {
    std::optional<Millis> start;
    std::string speaker;
    std::string text;
};
// Lines joined until the speaker changes, two seconds are silent or 600 bytes are full. A text has one for each line that is not blank.
std::vector<Turn> turns_of(const Transcript& transcript);

bool has_times(const Transcript& transcript);

// "[1:02:45] Anna: …", a blank line between paragraphs.
std::string to_txt(const Transcript& transcript);
// What Markdown would take for markup is escaped.
std::string to_markdown(const Transcript& transcript, const Heading& heading);
// For media::to_docx: times and speakers in bold before what was said.
media::Document to_document(const Transcript& transcript, const Heading& heading);

}  // namespace persona::transcripts

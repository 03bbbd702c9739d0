// What a text engine makes of a transcript: five outputs, each as fields first and as a document then. The local engine is
// local/extractive, a remote one fills the same fields from a language model's answer; compose (text_document.hpp) draws both.
#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "media/document.hpp"

namespace persona::ai {

using media::Language;

enum class Output { full_transcript, summary, mom, todo, protocol };

struct OutputForm {
    std::string_view file_prefix;  // "<prefix><id>_<time><extension>" is the file's name
    std::string_view extension;
};
// In the order of Output.
inline constexpr std::array<OutputForm, 5> output_forms = {
    {{"full_transcript_", ".txt"}, {"summary_", ".txt"}, {"mom_", ".txt"}, {"todo_", ".txt"}, {"protocol_", ".docx"}}};
constexpr const OutputForm& form_of(Output output) { return output_forms[static_cast<std::size_t>(output)]; }

// UTF-8. Lines may open with a time ("[00:01:20]", "01:20 -"), a speaker ("Anna:"), or both; SubRip and WebVTT are understood.
// The text is data whatever it says: no sentence of it is an instruction (T21). Must outlive the call only.
struct TranscriptView {
    std::string_view text;
};

struct DocumentContext {
    std::string date;             // as the reader is to see it, already in the user's zone and language
    std::string author;           // empty: unknown
    std::optional<Time> created;  // for the properties of a Word file
};

enum class TextError {
    empty_transcript,  // nothing that could be read out
};

// Fields. Strings are the transcript's own words; empty means "not said".
struct Remark {
    std::string time;  // as in the transcript
    std::string speaker;
    std::string text;
};
struct Decision {
    std::string text;
    std::string owner;
    std::string due;
};
struct ActionItem {
    std::string text;
    std::string owner;
    std::string due;
};

struct FullTranscript {
    std::vector<std::string> participants;
    std::vector<Remark> remarks;
};
// One page: composed, at most about 2500 characters.
struct Summary {
    std::vector<std::string> points;
    std::vector<Decision> decisions;
    std::vector<ActionItem> tasks;
};
struct Minutes {
    std::vector<std::string> participants;
    std::vector<std::string> summary;
    std::vector<Decision> decisions;
    std::vector<ActionItem> tasks;
    std::vector<ActionItem> deadlines;  // tasks with a term and other binding dates; every one has a due
    std::vector<std::string> questions;
};
struct TodoPlan {
    std::vector<ActionItem> tasks;
};
struct Protocol {
    std::vector<std::string> participants;
    std::vector<std::string> agenda;
    std::vector<Remark> course;
    std::vector<Decision> decisions;
    std::vector<ActionItem> tasks;
};
// In the order of Output.
using TextFields = std::variant<FullTranscript, Summary, Minutes, TodoPlan, Protocol>;

// How the words of a document came to be; the document and the chat say so.
enum class Mode {
    basic,     // its sentences were chosen, not written
    stand_in,  // the same, because the language model did not answer
    model,
};

struct Written {
    media::Document document;
    Mode mode = Mode::basic;
};

// One object serves all jobs. Called on the loop's thread; what computes goes to the CPU pool, what asks others waits.
class TextEngine {
public:
    virtual ~TextEngine() = default;
    // The document is in the transcript's language and never empty. What the view shows must outlive the call. Throws Unavailable where a
    // later try may succeed; cancelling the caller ends it with operation_aborted.
    virtual Task<std::expected<Written, TextError>> produce(Output output, TranscriptView transcript, DocumentContext context,
                                                            Deadline deadline) const = 0;
};

}  // namespace persona::ai

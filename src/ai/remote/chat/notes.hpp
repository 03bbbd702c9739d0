// What a model is to find in a part of a transcript, as JSON by a schema, read strictly; and how the findings of parts come together.
// Pure.
#pragma once

#include <boost/json/object.hpp>
#include <optional>

#include "ai/text.hpp"

namespace persona::ai {

// The sections of all outputs; each output uses some of them.
struct Notes {
    std::vector<std::string> participants, agenda, points, questions;
    std::vector<Remark> remarks;
    std::vector<Decision> decisions;
    std::vector<ActionItem> tasks, deadlines;

    bool empty() const;
};

// JSON Schema in the dialect of "strict": every property required, none besides them.
boost::json::object notes_schema(Output output);
// "points: what mattered, …" a line for each section that this output has: for servers that know no schemas, and for sense.
std::string notes_legend(Output output);

// Nothing where the text is not exactly of that schema; a fence of ``` around it is forgiven. Blank entries are dropped.
std::optional<Notes> notes_from(Output output, std::string_view json);
boost::json::object to_json(Output output, const Notes& notes);

// All of them in their order; what says the same, but for case and punctuation, once.
Notes joined(const std::vector<Notes>& parts);
// The summary is cut to one page, evenly over its lists.
TextFields fields_of(Output output, Notes notes);

}  // namespace persona::ai

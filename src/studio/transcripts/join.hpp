// Several transcripts as one. Pure.
#pragma once

#include "studio/transcripts/transcripts.hpp"

namespace persona::transcripts {

// Lines of all in the order given. Only recordings: a recording, each part's times moved behind the parts before it. Otherwise a text:
// each part under its name. id, number, created_at and name are the caller's. parts: at least one.
Transcript joined(const std::vector<Transcript>& parts);

}  // namespace persona::transcripts

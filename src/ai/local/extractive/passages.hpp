// The places of a transcript that fit a question: by shared word stems, the rarer the weightier. Private to ai.
#pragma once

#include "ai/local/extractive/transcript.hpp"

namespace persona::ai::extractive {

// How well each sentence fits, 0 for not at all, 1 when it holds every word of the question that the transcript knows.
std::vector<double> fits(const Transcript& transcript, std::string_view question);

// The sentences that fit, in the order of the transcript: at most `most`, each at least half as good as the best. Empty when none does.
std::vector<std::size_t> passages(const Transcript& transcript, std::string_view question, std::size_t most);

// What fits with what stands around it, as lines with time and speaker, at most so many bytes; its beginning and end are always there.
// The whole text where that is not longer.
std::string excerpt(std::string_view text, std::string_view question, std::size_t most_bytes);

// "[0:20] Anna: " as far as it is known.
std::string place_of(const Spoken& remark);

}  // namespace persona::ai::extractive

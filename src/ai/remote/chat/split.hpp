// A transcript in parts that a model can take at once, cut between turns. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace persona::ai {

// Rather too many than too few: four ASCII characters a token, two of any other script (measured on Cyrillic: o200k has 3.5, cl100k 2.2).
std::size_t estimated_tokens(std::string_view utf8);

// Parts of about equal size, each at most `most_tokens` by that estimate, so that the end of a meeting counts as much as its start.
// Cut between lines, a longer line between sentences or words. Joined, they are the text.
std::vector<std::string> parts_of(std::string_view text, std::size_t most_tokens);

}  // namespace persona::ai

// What a transcript may be called. Pure functions.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace persona::transcripts {

inline constexpr std::size_t most_name_graphemes = 80;
inline constexpr std::size_t most_name_bytes = 640;  // a grapheme has no bound of its own

enum class NameFault { empty, long_, control };
// The name without blanks around it and with single ones inside, or why it is none. Characters are grapheme clusters.
std::expected<std::string, NameFault> name_of(std::string_view text, std::size_t most = most_name_graphemes);
// A file's name as a name: what is too long is cut, what no name may hold becomes a blank. Empty where nothing is left.
std::string name_of_file(std::string_view file_name);

}  // namespace persona::transcripts

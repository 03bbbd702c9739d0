// Cutting long texts into messages as Telegram counts them: in UTF-16 code units. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace persona::media {

// Bot API: sendMessage.text is 1-4096 and a caption 0-1024 characters "after entities parsing", counted in UTF-16 code units.
inline constexpr std::size_t message_units = 4096;
inline constexpr std::size_t caption_units = 1024;

// The text in parts of at most `units` code units, cut after a paragraph, else a line, a sentence, a word, else between two grapheme
// clusters (within one only when a single cluster is longer than the limit). Joined, the parts are the text again; only a part that
// would be nothing but blanks is left out, because Telegram refuses it. Blank text gives no part. units must be at least 2.
std::vector<std::string> split_text(std::string_view utf8, std::size_t units = message_units);

// Length as Telegram's limits count it.
std::size_t utf16_units(std::string_view utf8);

// Characters as a person counts them: a flag, a family emoji or a letter with its accents is one.
std::size_t grapheme_count(std::string_view utf8);

}  // namespace persona::media

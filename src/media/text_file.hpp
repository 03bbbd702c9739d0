// Text files as people send them: any of the usual encodings, with or without a byte order mark, or no text at all.
// Pure functions; nothing is kept between calls.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "base/bytes.hpp"

namespace persona::media {

enum class TextFileError {
    empty,      // no bytes, or nothing but blanks
    binary,     // not text: an image, an archive, a Word file, noise
    too_large,  // more bytes than the limit
};

// Two hours of speech are about 0.4 MiB; more than this is no transcript.
inline constexpr std::size_t max_text_file = std::size_t{4} << 20;

// The text of a file in UTF-8, NFC. Reads UTF-8, UTF-16 and UTF-32 (with a mark, UTF-16 also without one), windows-1251, KOI8-R,
// IBM866, ISO-8859-5 and windows-1252. Line ends become \n, other control characters but the tab are dropped, a broken sequence
// inside otherwise sound UTF-8 becomes U+FFFD. The limit counts the bytes of the file (T14).
std::expected<std::string, TextFileError> text_of_file(ByteView file, std::size_t limit = max_text_file);

}  // namespace persona::media

// Which encoding a file without a declared charset is in, and its decoding to UTF-16. Private to text_file.
#pragma once

#include <unicode/unistr.h>

#include <optional>

#include "base/bytes.hpp"

namespace persona::media {

// Decoded text, broken sequences as U+FFFD; nothing where the bytes are no text in any encoding known here.
// A byte order mark is not part of the result.
std::optional<icu::UnicodeString> decode_any(ByteView file);

}  // namespace persona::media

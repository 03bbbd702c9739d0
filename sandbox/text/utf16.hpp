// Telegram counts text in UTF-16 code units: one for most characters, two for those outside the basic plane.
#pragma once

#include <cstddef>
#include <string_view>

namespace persona::sandbox {

// Code units that start with this UTF-8 byte: 0 for a continuation byte, 2 for the first byte of a four-byte character.
constexpr std::size_t utf16_units(unsigned char byte) { return (byte & 0xC0) == 0x80 ? 0 : byte >= 0xF0 ? 2 : 1; }

constexpr std::size_t utf16_length(std::string_view utf8) {
    std::size_t units = 0;
    for (const unsigned char byte : utf8) units += utf16_units(byte);
    return units;
}

}  // namespace persona::sandbox

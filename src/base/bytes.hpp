// Raw bytes and their printable forms.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace persona {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

inline ByteView as_bytes(std::string_view text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }
inline std::string_view as_text(ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
inline Bytes to_bytes(std::string_view text) { return {text.begin(), text.end()}; }

// Lower-case hexadecimal, two characters a byte.
std::string to_hex(ByteView bytes);
// Nothing where the text has an odd length or another character.
std::optional<Bytes> from_hex(std::string_view text);

// 32 bytes of SHA-256.
Bytes sha256(ByteView bytes);
// 32 bytes of HMAC-SHA-256.
Bytes hmac_sha256(ByteView key, ByteView message);
// Time that does not depend on where the inputs differ.
bool equal_constant_time(ByteView a, ByteView b);
// From the system's generator; throws Error where it has none.
Bytes random_bytes(std::size_t size);

}  // namespace persona

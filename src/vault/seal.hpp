// Sealing of small values: XChaCha20-Poly1305 with a random nonce. The place a value belongs to (table, column, row) is
// authenticated with it, so a sealed value moved to another row does not open.
// Format: 1 byte version (1), 24 bytes nonce, ciphertext, 16 bytes tag.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/uuid.hpp"

namespace persona::vault {

// 32 bytes that seal; wiped when destroyed.
class Key {
public:
    static constexpr std::size_t size = 32;

    static Key random();
    // Throws Corrupt unless there are exactly 32 bytes.
    static Key from(ByteView bytes);
    // A key of its own for each purpose; the same label always gives the same key.
    Key derive(std::string_view label) const;

    ByteView bytes() const { return bytes_; }
    Key(const Key&) = default;
    Key& operator=(const Key&) = default;
    ~Key();

private:
    Key() = default;
    std::array<std::uint8_t, size> bytes_{};
};

// "user_states.state_data:17": where a sealed value lives.
struct Place {
    std::string text;

    Place(std::string_view column, std::int64_t row);
    Place(std::string_view column, const Uuid& row);
    Place(std::string_view column, std::string_view row);
};

Bytes seal(const Key& key, const Place& place, std::string_view plain);
// Throws Corrupt: wrong key, wrong place, changed or truncated bytes, unknown version.
std::string open(const Key& key, const Place& place, ByteView sealed);

}  // namespace persona::vault

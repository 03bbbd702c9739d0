#include "base/uuid.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace persona {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

bool dash_before(int byte) { return byte == 4 || byte == 6 || byte == 8 || byte == 10; }

void stamp(Uuid& id, std::uint8_t version) {
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
}

}  // namespace

std::string Uuid::text() const {
    std::string out;
    out.reserve(36);
    for (int i = 0; i < 16; ++i) {
        if (dash_before(i)) out += '-';
        out += hex_digits[bytes[static_cast<std::size_t>(i)] >> 4];
        out += hex_digits[bytes[static_cast<std::size_t>(i)] & 15];
    }
    return out;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string digits;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool dash = at == 8 || at == 13 || at == 18 || at == 23;
        if (dash != (text[at] == '-')) return std::nullopt;
        if (!dash) digits += text[at];
    }
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;
    Uuid id;
    std::ranges::copy(*bytes, id.bytes.begin());
    return id;
}

Uuid Uuid::v7(Time now) {
    Uuid id;
    if (RAND_bytes(id.bytes.data(), 16) != 1) throw Error("the system has no random bytes");
    const auto ms = static_cast<std::uint64_t>(std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count());
    for (int i = 0; i < 6; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    stamp(id, 7);
    return id;
}

Uuid Uuid::v5(const Uuid& space, std::string_view name) {
    std::string input(reinterpret_cast<const char*>(space.bytes.data()), 16);
    input += name;
    std::array<unsigned char, 20> digest{};
    unsigned size = 0;
    if (EVP_Digest(input.data(), input.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) throw Error("SHA-1 failed");
    Uuid id;
    std::memcpy(id.bytes.data(), digest.data(), 16);
    stamp(id, 5);
    return id;
}

}  // namespace persona

std::size_t std::hash<persona::Uuid>::operator()(const persona::Uuid& id) const noexcept {
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data() + 8, sizeof value);
    return value;
}

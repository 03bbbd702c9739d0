// Whether a webhook is fal.ai's: Ed25519 over what its headers say and the SHA-256 of its body (docs.fal.ai, webhooks). Pure.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "http/headers.hpp"

namespace persona::ai::fal {

enum class Doubt : std::uint8_t {
    malformed,         // a header of another form
    stale,             // signed more than 300 s ago, or as far ahead
    not_signed,        // by no key of the set, or not at all
    keys_unavailable,  // no set of keys could be had: ask again later
};
std::string_view name(Doubt doubt);  // "unsigned" for not_signed

struct Signature {
    std::string request_id;  // 1 to 128 of [A-Za-z0-9-_]
    std::string user_id;     // whose key asked; visible ASCII
    std::string timestamp;   // seconds since 1970, as it was sent
    std::array<std::uint8_t, 64> bytes{};
};
inline constexpr std::chrono::seconds longest_skew{300};

// X-Fal-Webhook-Request-Id, -User-Id, -Timestamp and -Signature, each of its form, and now.
std::expected<Signature, Doubt> signature_in(const http::Headers& headers, Time now);
// What was signed: four lines without an end.
std::string signed_text(const Signature& signature, std::string_view body);

using PublicKey = std::array<std::uint8_t, 32>;
using KeySet = std::vector<PublicKey>;
// The Ed25519 keys of a JWKS, at most 16; keys of other kinds are passed over. Nothing where there is none.
std::optional<KeySet> read_keys(std::string_view jwks);

bool proves(const KeySet& keys, const Signature& signature, std::string_view body);

}  // namespace persona::ai::fal

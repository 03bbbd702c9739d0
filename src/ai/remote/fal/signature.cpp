#include "ai/remote/fal/signature.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>

#include "ai/remote/fal/wire.hpp"
#include "base/bytes.hpp"
#include "base/number.hpp"

namespace persona::ai::fal {
namespace {

namespace json = boost::json;

constexpr std::size_t longest_user = 256, longest_time = 12, most_keys = 16;

bool is_user(std::string_view text) {
    return !text.empty() && text.size() <= longest_user && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::chrono::sys_seconds> time_of(std::string_view text) {
    if (text.empty() || text.size() > longest_time || text.starts_with('-')) return std::nullopt;
    const auto seconds = whole_number(text);
    return seconds ? std::optional(std::chrono::sys_seconds(std::chrono::seconds(*seconds))) : std::nullopt;
}

std::string_view text(const json::object& object, std::string_view key) {
    const json::value* value = object.if_contains(key);
    return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::optional<PublicKey> key_in(const json::value& value) {
    const json::object* object = value.if_object();
    if (!object || text(*object, "kty") != "OKP" || text(*object, "crv") != "Ed25519") return std::nullopt;
    const std::string_view x = text(*object, "x");
    PublicKey key{};
    std::size_t size = 0;
    const bool read =
        sodium_base642bin(key.data(), key.size(), x.data(), x.size(), "=", &size, nullptr, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == 0;
    return read && size == key.size() ? std::optional(key) : std::nullopt;
}

}  // namespace

std::string_view name(Doubt doubt) {
    constexpr std::array<std::string_view, 4> names{"malformed", "stale", "unsigned", "keys_unavailable"};
    return names[static_cast<std::size_t>(doubt)];
}

std::expected<Signature, Doubt> signature_in(const http::Headers& headers, Time now) {
    if (!headers.contains("X-Fal-Webhook-Signature")) return std::unexpected(Doubt::not_signed);
    Signature out{std::string(headers.value("X-Fal-Webhook-Request-Id")), std::string(headers.value("X-Fal-Webhook-User-Id")),
                  std::string(headers.value("X-Fal-Webhook-Timestamp"))};
    const auto bytes = from_hex(headers.value("X-Fal-Webhook-Signature"));
    const auto at = time_of(out.timestamp);
    if (!is_id(out.request_id) || !is_user(out.user_id) || !at || !bytes || bytes->size() != out.bytes.size())
        return std::unexpected(Doubt::malformed);
    if (std::chrono::abs(std::chrono::floor<std::chrono::seconds>(now) - *at) > longest_skew) return std::unexpected(Doubt::stale);
    std::ranges::copy(*bytes, out.bytes.begin());
    return out;
}

std::string signed_text(const Signature& signature, std::string_view body) {
    return fmt::format("{}\n{}\n{}\n{}", signature.request_id, signature.user_id, signature.timestamp, to_hex(sha256(as_bytes(body))));
}

std::optional<KeySet> read_keys(std::string_view jwks) {
    boost::system::error_code failed;
    const json::value value = json::parse(jwks, failed);
    const json::object* object = failed ? nullptr : value.if_object();
    const json::value* list = object ? object->if_contains("keys") : nullptr;
    if (!list || !list->is_array()) return std::nullopt;
    KeySet out;
    for (const json::value& one : list->get_array())
        if (const auto key = key_in(one); key && out.size() < most_keys) out.push_back(*key);
    return out.empty() ? std::nullopt : std::optional(std::move(out));
}

bool proves(const KeySet& keys, const Signature& signature, std::string_view body) {
    const std::string message = signed_text(signature, body);
    const auto* bytes = reinterpret_cast<const unsigned char*>(message.data());
    return std::ranges::any_of(
        keys, [&](const PublicKey& key) { return crypto_sign_verify_detached(signature.bytes.data(), bytes, message.size(), key.data()) == 0; });
}

}  // namespace persona::ai::fal

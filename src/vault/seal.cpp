#include "vault/seal.hpp"

#include <sodium.h>

#include <algorithm>

#include "base/error.hpp"

namespace persona::vault {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t tag_size = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::size_t head_size = 1 + nonce_size;
static_assert(Key::size == crypto_aead_xchacha20poly1305_ietf_KEYBYTES);

}  // namespace

Key Key::random() { return from(random_bytes(size)); }

Key Key::from(ByteView bytes) {
    if (bytes.size() != size) throw Corrupt("a key has not 32 bytes");
    Key key;
    std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
    return key;
}

Key Key::derive(std::string_view label) const { return from(hmac_sha256(bytes_, as_bytes(label))); }

Key::~Key() { sodium_memzero(bytes_.data(), bytes_.size()); }

Place::Place(std::string_view column, std::int64_t row) : Place(column, std::string_view(std::to_string(row))) {}
Place::Place(std::string_view column, const Uuid& row) : Place(column, std::string_view(row.text())) {}
Place::Place(std::string_view column, std::string_view row) : text(std::string(column) + ":" + std::string(row)) {}

Bytes seal(const Key& key, const Place& place, std::string_view plain) {
    Bytes out(head_size + plain.size() + tag_size);
    out[0] = version;
    randombytes_buf(out.data() + 1, nonce_size);
    const ByteView more = as_bytes(place.text);
    crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + head_size, nullptr, reinterpret_cast<const unsigned char*>(plain.data()), plain.size(),
                                               more.data(), more.size(), nullptr, out.data() + 1, key.bytes().data());
    return out;
}

std::string open(const Key& key, const Place& place, ByteView sealed) {
    if (sealed.size() < head_size + tag_size || sealed[0] != version) throw Corrupt("not a sealed value: " + place.text);
    std::string plain(sealed.size() - head_size - tag_size, '\0');
    const ByteView more = as_bytes(place.text);
    const int failed =
        crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<unsigned char*>(plain.data()), nullptr, nullptr, sealed.data() + head_size,
                                                   sealed.size() - head_size, more.data(), more.size(), sealed.data() + 1, key.bytes().data());
    if (failed) throw Corrupt("a sealed value does not open: " + place.text);
    return plain;
}

}  // namespace persona::vault

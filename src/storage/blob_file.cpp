#include "storage/blob_file.hpp"

#include <fcntl.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/error.hpp"

namespace persona::storage {
namespace {

constexpr std::string_view magic = "PBLOB01\n";
constexpr std::size_t frame_size = 65'536;
constexpr std::size_t frame_tail = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr std::size_t stream_head = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
static_assert(vault::Key::size == crypto_secretstream_xchacha20poly1305_KEYBYTES && frame_tail == 17 && stream_head == 24);

void write_all(int descriptor, std::string_view data) {
    while (!data.empty()) {
        const auto written = ::write(descriptor, data.data(), data.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw Unavailable(std::string("a blob cannot be written: ") + std::strerror(errno));
        data.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::size_t read_up_to(std::istream& from, std::string& into, std::size_t size) {
    into.resize(size);
    from.read(into.data(), static_cast<std::streamsize>(size));
    if (from.bad()) throw Error("the source of a blob cannot be read");
    into.resize(static_cast<std::size_t>(from.gcount()));
    return into.size();
}

}  // namespace

BlobNamer::BlobNamer(const vault::Key& owner) {
    static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);  // fetching is dear; it lives as long as the program
    context_.reset(EVP_MAC_CTX_new(hmac));
    std::string digest = "SHA256";
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest.data(), 0), OSSL_PARAM_construct_end()};
    const vault::Key key = owner.derive("blob.name");
    if (!context_ || !EVP_MAC_init(context_.get(), key.bytes().data(), key.bytes().size(), params)) throw Error("HMAC-SHA-256 is missing");
}

void BlobNamer::add(std::string_view piece) { EVP_MAC_update(context_.get(), reinterpret_cast<const unsigned char*>(piece.data()), piece.size()); }

BlobName BlobNamer::name() {
    std::array<std::uint8_t, 32> out{};
    std::size_t size = 0;
    EVP_MAC_final(context_.get(), out.data(), &size, out.size());
    return BlobName(to_hex(out));
}

Sealed seal_stream(std::istream& content, const vault::Key& owner, int descriptor) {
    BlobNamer namer(owner);
    crypto_secretstream_xchacha20poly1305_state state;
    std::string head(stream_head, '\0');
    const vault::Key key = owner.derive("blob.content");
    crypto_secretstream_xchacha20poly1305_init_push(&state, reinterpret_cast<unsigned char*>(head.data()), key.bytes().data());
    write_all(descriptor, std::string(magic) + head);
    std::string frame, sealed;
    std::int64_t bytes = 0;
    for (bool last = false; !last;) {
        bytes += static_cast<std::int64_t>(read_up_to(content, frame, frame_size));
        last = frame.size() < frame_size;
        namer.add(frame);
        sealed.resize(frame.size() + frame_tail);
        crypto_secretstream_xchacha20poly1305_push(&state, reinterpret_cast<unsigned char*>(sealed.data()), nullptr,
                                                   reinterpret_cast<const unsigned char*>(frame.data()), frame.size(), nullptr, 0,
                                                   last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0);
        write_all(descriptor, sealed);
    }
    sodium_memzero(&state, sizeof state);
    return {namer.name(), bytes};
}

struct BlobFile::Stream {
    std::ifstream file;
    crypto_secretstream_xchacha20poly1305_state state;
    std::string sealed;

    explicit Stream(const std::filesystem::path& path) : file(path, std::ios::binary) {}
    ~Stream() { sodium_memzero(&state, sizeof state); }
};

BlobFile::BlobFile(const std::filesystem::path& file, BlobName name, const vault::Key& owner)
    : stream_(std::make_unique<Stream>(file)), namer_(owner), name_(std::move(name)) {
    if (!stream_->file) throw Corrupt("a blob is missing: " + name_.value);
    std::string head;
    read_up_to(stream_->file, head, magic.size() + stream_head);
    const vault::Key key = owner.derive("blob.content");
    if (head.size() != magic.size() + stream_head || !head.starts_with(magic) ||
        crypto_secretstream_xchacha20poly1305_init_pull(&stream_->state, reinterpret_cast<const unsigned char*>(head.data()) + magic.size(),
                                                        key.bytes().data()) != 0)
        throw Corrupt("not a blob: " + name_.value);
}

BlobFile::~BlobFile() = default;

void BlobFile::next_frame() {
    std::string& sealed = stream_->sealed;
    unsigned char tag = 0;
    const bool whole = read_up_to(stream_->file, sealed, frame_size + frame_tail) >= frame_tail;
    frame_.resize(whole ? sealed.size() - frame_tail : 0);
    taken_ = 0;
    if (!whole || crypto_secretstream_xchacha20poly1305_pull(&stream_->state, reinterpret_cast<unsigned char*>(frame_.data()), nullptr, &tag,
                                                             reinterpret_cast<const unsigned char*>(sealed.data()), sealed.size(), nullptr, 0) != 0)
        throw Corrupt("a blob was changed or cut: " + name_.value);
    namer_.add(frame_);
    final_ = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    if (!final_) return;
    if (stream_->file.peek() != std::ifstream::traits_type::eof()) throw Corrupt("a blob is followed by something: " + name_.value);
    if (namer_.name() != name_) throw Corrupt("a blob stands under another's name: " + name_.value);
}

std::size_t BlobFile::read(std::span<char> into) {
    std::size_t done = 0;
    while (done < into.size()) {
        if (taken_ == frame_.size()) {
            if (final_) break;
            next_frame();
            continue;
        }
        const auto part = std::min(into.size() - done, frame_.size() - taken_);
        std::copy_n(frame_.data() + taken_, part, into.data() + done);
        taken_ += part;
        done += part;
    }
    return done;
}

}  // namespace persona::storage

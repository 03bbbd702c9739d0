// The file of a blob. Format:
//   8 bytes   "PBLOB01\n"
//   24 bytes  header of libsodium's secretstream (XChaCha20-Poly1305)
//   frames    each seals 65,536 bytes of content (the last one fewer, perhaps none) and adds 17; the last is tagged FINAL
// The key is the owner's, derived for "blob.content". Frames cannot be cut, reordered or taken from another file; that the
// file stands under its own name is proved at its end, where the HMAC ("blob.name") of what was read must be the name.
// Blocking; for threads of the CPU pool.
#pragma once

#include <openssl/evp.h>

#include <filesystem>
#include <istream>
#include <memory>

#include "base/bytes.hpp"
#include "storage/blob.hpp"

namespace persona::storage {

// The name of a content, fed piece by piece.
class BlobNamer {
public:
    explicit BlobNamer(const vault::Key& owner);
    void add(std::string_view piece);
    BlobName name();

private:
    struct Free {
        void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }
    };
    std::unique_ptr<EVP_MAC_CTX, Free> context_;
};

struct Sealed {
    BlobName name;
    std::int64_t bytes = 0;
};
// Seals all of `content` into the open descriptor. Throws Unavailable when the disk refuses, Error when the source fails.
Sealed seal_stream(std::istream& content, const vault::Key& owner, int descriptor);

class BlobFile {
public:
    // Throws Corrupt when the file is missing or is no blob.
    BlobFile(const std::filesystem::path& file, BlobName name, const vault::Key& owner);
    ~BlobFile();
    BlobFile(const BlobFile&) = delete;
    BlobFile& operator=(const BlobFile&) = delete;

    std::size_t read(std::span<char> into);

private:
    void next_frame();

    struct Stream;
    std::unique_ptr<Stream> stream_;
    BlobNamer namer_;
    BlobName name_;
    std::string frame_;      // opened content
    std::size_t taken_ = 0;  // of frame_
    bool final_ = false;
};

}  // namespace persona::storage

// One sealed blob: its name and how its file reads. The format is described in blob_file.hpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "async/cpu_pool.hpp"
#include "base/ids.hpp"
#include "vault/seal.hpp"

namespace persona::storage {

// 64 hexadecimal digits: HMAC-SHA-256 of the content under the owner's key, so that a name tells nothing without that key.
using BlobName = Id<struct BlobNameTag, std::string>;

struct Stored {
    BlobName name;
    UserId owner;
    std::int64_t bytes = 0;  // of the content
};

// What a put has done; each step is durable or leaves an orphan that the sweep removes.
enum class PutStep { begun, written, synced, named, done };

class BlobFile;

// Reads a blob from its beginning. Used by one coroutine at a time; may outlive the store's caller but not the CPU pool.
class BlobReader {
public:
    BlobReader(CpuPool& cpu, std::unique_ptr<BlobFile> file);
    BlobReader(BlobReader&&) noexcept;
    ~BlobReader();

    // Fills the buffer as far as there is content; 0 at the end. Throws Corrupt on a changed or cut file; when the end was
    // reached without an exception, all of it was what was put. `into` must stay valid until it returns.
    Task<std::size_t> read(std::span<char> into);

private:
    CpuPool* cpu_;
    std::unique_ptr<BlobFile> file_;
};

}  // namespace persona::storage

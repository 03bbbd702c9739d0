// Files of the users: photos, recordings, documents. Each is sealed with its owner's key, written and fsynced first and only
// then named by a committed row of `blobs`; what never got a row is swept a day later. A folder today; callers see no path.
// Owned by main; one io thread, the work is done on the CPU pool. Several processes may share the folder on one host.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "async/cpu_pool.hpp"
#include "postgres/pool.hpp"
#include "storage/blob.hpp"

namespace persona::storage {

struct BlobStoreConfig {
    std::filesystem::path folder;  // made when missing
    // A file without a row is left alone this long: the time a put has until its row is committed.
    std::chrono::seconds grace = std::chrono::hours(24);
    // Called on a thread of the pool after each step of a put; tests end the process here.
    std::function<void(PutStep)> after_step;
};

class BlobStore {
public:
    BlobStore(CpuPool& cpu, BlobStoreConfig config);

    // Durable when it returns. The same content of the same user is stored once. It must be named by add_row within the
    // grace, or it is swept. Throws Unavailable when the disk is full or the folder is gone.
    Task<Stored> put(UserId owner, vault::Key key, std::string content);
    // The same from a file; throws Error when that cannot be read.
    Task<Stored> put_file(UserId owner, vault::Key key, std::filesystem::path source);

    // The content, whole, proved to be what was put. Throws Corrupt when it is missing, changed, another's, or longer than `most`.
    Task<std::string> read(BlobName name, vault::Key key, std::size_t most);
    // The same into a new file (0600); nothing is left there after an exception.
    Task<void> read_to(BlobName name, vault::Key key, std::filesystem::path target);
    // For what is too long for memory. Throws Corrupt when it is missing.
    Task<BlobReader> open(BlobName name, vault::Key key);

    struct Swept {
        std::int64_t rows = 0, files = 0;
    };
    // Deletes rows that have expired, and files without a row that are older than the grace. Cancellable between files.
    Task<Swept> sweep(postgres::Pool& pool, Time now, Deadline deadline);

private:
    CpuPool& cpu_;
    BlobStoreConfig config_;
};

// Names the blob in `blobs`: part of the Work that needs it. Without `expires` it lives as long as its owner; of two wishes
// for one blob the longer life wins.
std::size_t add_row(postgres::Work& work, const Stored& blob, std::optional<Time> expires = std::nullopt);
// Gives the blob up: its file goes with the next sweep after the grace.
std::size_t remove_row(postgres::Work& work, const BlobName& name);

}  // namespace persona::storage

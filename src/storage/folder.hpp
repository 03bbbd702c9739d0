// How blobs lie in their folder: <two digits>/<name> for what is whole, tmp/ for what is being written. A shard's lock
// (flock on its folder, held across processes) keeps a put that finds its file and the sweep that removes it apart.
// Blocking; for threads of the CPU pool. Everything throws Unavailable where the disk refuses.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "storage/blob.hpp"

namespace persona::storage {

void make_folders(const std::filesystem::path& root);
// Throws Corrupt for what is no name: a name never leads out of the folder.
std::filesystem::path file_of(const std::filesystem::path& root, const BlobName& name);

// Closes when destroyed.
class Descriptor {
public:
    Descriptor(const std::filesystem::path& path, int flags);
    ~Descriptor();
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return value_; }
    void sync() const;

private:
    int value_;
};

// A file of its own in tmp/, gone when destroyed unless it was moved.
class TemporaryFile {
public:
    explicit TemporaryFile(const std::filesystem::path& root);
    ~TemporaryFile();
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    int descriptor() const { return descriptor_.get(); }
    void sync() const { descriptor_.sync(); }
    void move_to(const std::filesystem::path& target);

private:
    std::filesystem::path path_;
    Descriptor descriptor_;
    bool moved_ = false;
};

// A file that must not have existed (0600), gone when destroyed unless it is kept.
class NewFile {
public:
    explicit NewFile(const std::filesystem::path& path);
    ~NewFile();
    NewFile(const NewFile&) = delete;
    NewFile& operator=(const NewFile&) = delete;
    void write(std::string_view data) const;
    void keep() { kept_ = true; }

private:
    std::filesystem::path path_;
    Descriptor descriptor_;
    bool kept_ = false;
};

// The shard of a blob, locked until destroyed.
class LockedShard {
public:
    LockedShard(const std::filesystem::path& root, const BlobName& name);
    const std::filesystem::path& file() const { return file_; }
    // Makes the blob's file young again; false when there is none.
    bool touch() const;
    // Removes it when it was last touched before `then`; true when it did.
    bool remove_older(Time then) const;
    void sync() const { folder_.sync(); }

private:
    std::filesystem::path file_;
    Descriptor folder_;
};

// Names of blobs that were last touched before `then`.
std::vector<BlobName> older_blobs(const std::filesystem::path& root, int shard, Time then);
constexpr int shards = 256;
// Removes what puts that never ended left in tmp/; gives their number.
int remove_older_temporaries(const std::filesystem::path& root, Time then);

}  // namespace persona::storage

#include "storage/blob_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "base/error.hpp"
#include "storage/blob_file.hpp"
#include "storage/folder.hpp"

namespace persona::storage {
namespace {

namespace fs = std::filesystem;

constexpr postgres::Query add_blob{"storage.add",
                                   "INSERT INTO blobs AS b (name, owner, bytes, expires_at) VALUES ($1, $2::bigint, $3::bigint, $4::timestamptz) "
                                   "ON CONFLICT (name) DO UPDATE SET expires_at = CASE WHEN b.expires_at IS NULL OR excluded.expires_at IS NULL "
                                   "THEN NULL ELSE greatest(b.expires_at, excluded.expires_at) END"};
constexpr postgres::Query delete_blob{"storage.remove", "DELETE FROM blobs WHERE name = $1"};

using Step = std::function<void(PutStep)>;

// Temporary name, fsync, rename, fsync of the folder: whatever ends the process, the file is whole under its name or not there.
Stored put_now(const fs::path& root, UserId owner, const vault::Key& key, std::istream& content, const Step& after) {
    TemporaryFile temporary(root);
    after(PutStep::begun);
    const Sealed sealed = seal_stream(content, key, temporary.descriptor());
    after(PutStep::written);
    temporary.sync();
    after(PutStep::synced);
    const LockedShard shard(root, sealed.name);
    // Stored before: its new age protects it from the sweep until the caller's row is committed.
    if (!shard.touch()) temporary.move_to(shard.file());
    after(PutStep::named);
    shard.sync();
    after(PutStep::done);
    return {sealed.name, owner, sealed.bytes};
}

std::string read_now(const fs::path& file, const BlobName& name, const vault::Key& key, std::size_t most) {
    BlobFile blob(file, name, key);
    std::string out(std::min<std::size_t>(most, fs::file_size(file)) + 1, '\0');
    out.resize(blob.read(out));
    if (out.size() > most) throw Corrupt("a blob is longer than its reader allows: " + name.value);
    return out;
}

void copy_now(const fs::path& file, const BlobName& name, const vault::Key& key, const fs::path& target) {
    BlobFile blob(file, name, key);
    NewFile out(target);
    std::string buffer(65'536, '\0');
    while (const auto size = blob.read(buffer)) out.write(std::string_view(buffer).substr(0, size));
    out.keep();
}

}  // namespace

BlobStore::BlobStore(CpuPool& cpu, BlobStoreConfig config) : cpu_(cpu), config_(std::move(config)) {
    if (!config_.after_step) config_.after_step = [](PutStep) {};
    make_folders(config_.folder);
}

Task<Stored> BlobStore::put(UserId owner, vault::Key key, std::string content) {
    co_return co_await cpu_.run([&] {
        std::istringstream source(std::move(content));
        return put_now(config_.folder, owner, key, source, config_.after_step);
    });
}

Task<Stored> BlobStore::put_file(UserId owner, vault::Key key, fs::path path) {
    co_return co_await cpu_.run([&] {
        std::ifstream source(path, std::ios::binary);
        if (!source) throw Error("the source of a blob cannot be opened");
        return put_now(config_.folder, owner, key, source, config_.after_step);
    });
}

Task<std::string> BlobStore::read(BlobName name, vault::Key key, std::size_t most) {
    co_return co_await cpu_.run([&] { return read_now(file_of(config_.folder, name), name, key, most); });
}

Task<void> BlobStore::read_to(BlobName name, vault::Key key, fs::path target) {
    co_await cpu_.run([&] { copy_now(file_of(config_.folder, name), name, key, target); });
}

Task<BlobReader> BlobStore::open(BlobName name, vault::Key key) {
    auto file = co_await cpu_.run([&] { return std::make_unique<BlobFile>(file_of(config_.folder, name), name, key); });
    co_return BlobReader(cpu_, std::move(file));
}

std::size_t add_row(postgres::Work& work, const Stored& blob, std::optional<Time> expires) {
    return work.add(add_blob, blob.name, blob.owner, blob.bytes, expires);
}

std::size_t remove_row(postgres::Work& work, const BlobName& name) { return work.add(delete_blob, name); }

BlobReader::BlobReader(CpuPool& cpu, std::unique_ptr<BlobFile> file) : cpu_(&cpu), file_(std::move(file)) {}
BlobReader::BlobReader(BlobReader&&) noexcept = default;
BlobReader::~BlobReader() = default;

Task<std::size_t> BlobReader::read(std::span<char> into) {
    co_return co_await cpu_->run([&] { return file_->read(into); });
}

}  // namespace persona::storage

#include "storage/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "base/error.hpp"
#include "base/uuid.hpp"

namespace persona::storage {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view act) { throw Unavailable(fmt::format("the blob folder: {}: {}", act, std::strerror(errno))); }

fs::path shard_of(const fs::path& root, std::string_view name) { return root / name.substr(0, 2); }
fs::path temporaries(const fs::path& root) { return root / "tmp"; }

// When it was last touched; nothing when it is gone.
std::optional<Time> age_of(const fs::path& file) {
    struct stat info{};
    if (::stat(file.c_str(), &info) != 0) return std::nullopt;
    return Time(std::chrono::seconds(info.st_mtim.tv_sec) + Micros(info.st_mtim.tv_nsec / 1000));
}

bool is_name(std::string_view text) { return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos; }

bool remove_if_older(const fs::path& file, Time then) {
    const auto age = age_of(file);
    return age && *age < then && ::unlink(file.c_str()) == 0;
}

}  // namespace

// All shards are made at once, so that no put has to care whether the folder's own entry is durable.
void make_folders(const fs::path& root) {
    std::error_code error;
    fs::create_directories(root, error);
    if (error) throw Unavailable("the blob folder cannot be made: " + error.message());
    fs::permissions(root, fs::perms::owner_all, error);
    fs::create_directory(temporaries(root), error);
    for (int shard = 0; shard < shards; ++shard) fs::create_directory(root / fmt::format("{:02x}", shard), error);
    if (error) throw Unavailable("the blob folder cannot be filled: " + error.message());
    Descriptor(root, O_RDONLY | O_DIRECTORY).sync();
}

fs::path file_of(const fs::path& root, const BlobName& name) {
    if (!is_name(name.value)) throw Corrupt("not the name of a blob");
    return shard_of(root, name.value) / name.value;
}

Descriptor::Descriptor(const fs::path& path, int flags) : value_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {
    if (value_ < 0) refuse("open");
}

Descriptor::~Descriptor() { ::close(value_); }

void Descriptor::sync() const {
    if (::fsync(value_) != 0) refuse("fsync");
}

TemporaryFile::TemporaryFile(const fs::path& root) : path_(temporaries(root) / Uuid::v7().text()), descriptor_(path_, O_WRONLY | O_CREAT | O_EXCL) {}

TemporaryFile::~TemporaryFile() {
    if (!moved_) ::unlink(path_.c_str());
}

void TemporaryFile::move_to(const fs::path& target) {
    if (::rename(path_.c_str(), target.c_str()) != 0) refuse("rename");
    moved_ = true;
}

NewFile::NewFile(const fs::path& path) : path_(path), descriptor_(path, O_WRONLY | O_CREAT | O_EXCL) {}

NewFile::~NewFile() {
    if (!kept_) ::unlink(path_.c_str());
}

void NewFile::write(std::string_view data) const {
    while (!data.empty()) {
        const auto written = ::write(descriptor_.get(), data.data(), data.size());
        if (written < 0 && errno != EINTR) refuse("write");
        if (written > 0) data.remove_prefix(static_cast<std::size_t>(written));
    }
}

LockedShard::LockedShard(const fs::path& root, const BlobName& name)
    : file_(file_of(root, name)), folder_(file_.parent_path(), O_RDONLY | O_DIRECTORY) {
    while (::flock(folder_.get(), LOCK_EX) != 0)
        if (errno != EINTR) refuse("flock");
}

bool LockedShard::touch() const { return ::utimensat(AT_FDCWD, file_.c_str(), nullptr, 0) == 0; }

bool LockedShard::remove_older(Time then) const { return remove_if_older(file_, then); }

std::vector<BlobName> older_blobs(const fs::path& root, int shard, Time then) {
    std::vector<BlobName> out;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(root / fmt::format("{:02x}", shard), error)) {
        const auto age = age_of(entry.path());
        if (age && *age < then && is_name(entry.path().filename().native())) out.emplace_back(entry.path().filename().native());
    }
    if (error) throw Unavailable("the blob folder cannot be listed: " + error.message());
    return out;
}

int remove_older_temporaries(const fs::path& root, Time then) {
    int removed = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(temporaries(root), error)) removed += remove_if_older(entry.path(), then);
    if (error) throw Unavailable("the blob folder cannot be listed: " + error.message());
    return removed;
}

}  // namespace persona::storage

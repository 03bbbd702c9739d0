#include "ops/supervise/data_folder.hpp"

#include <sys/file.h>
#include <sys/stat.h>

#include <fstream>

#include "base/bytes.hpp"

namespace persona::ops {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t longest_socket_path = 100;  // of 107, so that no libc's limit is met
constexpr std::string_view longest_socket_name = "/.s.PGSQL.5432.lock";

// Folders that already exist keep what they are; the last one becomes ours.
void make(const fs::path& folder, const std::optional<Account>& account) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) throw BadConfig("cannot make " + folder.string() + ": " + error.message());
    give_to(account, folder);
}

}  // namespace

DataFolder::DataFolder(fs::path path, std::optional<Account> account) : path_(fs::absolute(path).lexically_normal()), account_(std::move(account)) {
    if (path_.filename().empty()) path_ = path_.parent_path();
    std::error_code missing;
    if (const fs::path real = fs::canonical(path_, missing); !missing) path_ = real;  // only the folder's own name may be a link
    make(path_, account_);
    if (!can_enter(account_, path_))
        throw BadConfig("PERSONA_DATA: " + (account_ ? "the user " + account_->name : std::string("this user")) + " cannot enter " + path_.string());
    lock();
    for (const fs::path& folder : {records(), logs()}) make(folder, account_);
}

uid_t DataFolder::owner() const { return account_ ? account_->uid : ::geteuid(); }

void DataFolder::lock() {
    lock_ = File::open(path_ / "lock", O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
    if (::flock(lock_.get(), LOCK_EX | LOCK_NB) != 0) {
        std::string holder;
        std::ifstream(path_ / "lock") >> holder;
        throw BadConfig("PERSONA_DATA: another `persona up` (process " + holder + ") works on " + path_.string());
    }
    const std::string pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(lock_.get(), 0) != 0 || ::pwrite(lock_.get(), pid.data(), pid.size(), 0) < 0)
        throw BadConfig("PERSONA_DATA: cannot write to " + path_.string() + ": " + std::strerror(errno));
}

fs::path socket_folder(const fs::path& data) {
    fs::path own = fs::absolute(data).lexically_normal() / "run";
    if (own.string().size() + longest_socket_name.size() <= longest_socket_path) return own;
    return fs::path("/tmp") / ("persona-" + to_hex(sha256(as_bytes(own.string()))).substr(0, 16));
}

void make_socket_folder(const DataFolder& data) {
    const fs::path folder = socket_folder(data.path());
    if (folder == data.records()) return;
    if (::mkdir(folder.c_str(), 0700) == 0) return give_to(data.account(), folder);
    struct stat info{};
    const bool ours = ::lstat(folder.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == data.owner() && (info.st_mode & 077) == 0;
    if (!ours) throw BadConfig(folder.string() + " exists and is not ours alone: remove it, or choose a shorter PERSONA_DATA");
}

}  // namespace persona::ops

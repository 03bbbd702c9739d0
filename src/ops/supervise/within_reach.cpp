#include "ops/supervise/within_reach.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace persona::ops {
namespace {

namespace fs = std::filesystem;

bool same(const fs::path& from, const fs::path& to) {
    return fs::exists(to) && fs::file_size(to) == fs::file_size(from) && fs::last_write_time(to) >= fs::last_write_time(from);
}

// Beside its place first: a program that runs cannot be overwritten, but its name can be given to another.
void renew(const fs::path& from, const fs::path& to) {
    if (same(from, to)) return;
    fs::create_directories(to.parent_path());
    const fs::path fresh = to.string() + ".new";
    fs::copy_file(from, fresh, fs::copy_options::overwrite_existing);
    fs::rename(fresh, to);
}

void copy_entry(const fs::path& from, const fs::path& to) {
    if (!fs::is_directory(from)) return renew(from, to);
    for (const auto& entry : fs::recursive_directory_iterator(from))
        if (entry.is_regular_file()) renew(entry.path(), to / entry.path().lexically_relative(from));
}

// Copies are root's and readable: the account runs them and cannot change them.
void open_for_reading(const fs::path& folder) {
    fs::permissions(folder, fs::perms(0755));
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        fs::permissions(entry.path(), entry.is_directory() || (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none
                                          ? fs::perms(0755)
                                          : fs::perms(0644));
}

// The data folder belongs to the account: root must not follow what the account may have put in the copy's place.
void make_ours(const fs::path& folder) {
    struct stat info{};
    if (::mkdir(folder.c_str(), 0755) != 0 && errno != EEXIST) throw Error(folder.string() + ": " + std::strerror(errno));
    if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
        throw Error(folder.string() + " is not what an earlier start left there: remove it");
}

}  // namespace

fs::path within_reach(const DataFolder& data, const fs::path& folder, const std::vector<std::string>& entries, const std::string& name) {
    if (can_enter(data.account(), folder)) return folder;
    const fs::path copy = data.path() / name;
    try {
        make_ours(copy);
        for (const std::string& entry : entries)
            if (fs::exists(folder / entry)) copy_entry(folder / entry, copy / entry);
        open_for_reading(copy);
    } catch (const fs::filesystem_error& e) { throw Error(std::string("cannot bring ") + folder.string() + " within reach: " + e.what()); }
    return copy;
}

}  // namespace persona::ops

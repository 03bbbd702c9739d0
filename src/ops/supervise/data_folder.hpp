// PERSONA_DATA: everything one installation keeps on this machine. One `persona up` at a time works on it.
#pragma once

#include <filesystem>
#include <optional>

#include "ops/supervise/account.hpp"
#include "ops/supervise/file.hpp"

namespace persona::ops {

class DataFolder {
public:
    // Makes the folder (0700, owned by the account) and what lies in it, and locks it until this object or the process is gone.
    // Throws BadConfig when another `up` holds it (and names its pid), when it cannot be made, or when the account cannot enter it.
    DataFolder(std::filesystem::path path, std::optional<Account> account);

    const std::filesystem::path& path() const { return path_; }
    const std::optional<Account>& account() const { return account_; }
    // Whose processes work on it: the account's, else ours.
    uid_t owner() const;
    std::filesystem::path records() const { return path_ / "run"; }  // what runs: orphans.hpp
    std::filesystem::path logs() const { return path_ / "log"; }

private:
    void lock();

    std::filesystem::path path_;
    std::optional<Account> account_;
    File lock_;
};

// Where the private servers' sockets of a data folder lie: DATA/run, or, as a socket's path may have 107 bytes and
// PostgreSQL and Redis add their names, a short folder below /tmp whose name follows from the data folder's.
// Only a name: subcommands find a running `up` by it.
std::filesystem::path socket_folder(const std::filesystem::path& data);

// Makes it, 0700 and owned by the account. Throws BadConfig when somebody else was there first.
void make_socket_folder(const DataFolder& data);

}  // namespace persona::ops

// The system user that everything runs as when somebody starts Persona as root.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>

namespace persona::ops {

struct Account {
    std::string name;
    uid_t uid;
    gid_t gid;
};

// Nothing unless we are root. As root: the system user `persona`, made by useradd where it is missing. Blocking, under a second.
// Throws Error when it can be neither found nor made.
std::optional<Account> service_account();

// Turns the whole process, once and for all, into the account: no other group, no way back. Throws Error.
void become(const Account& account);
// The same between fork and exec: takes no memory, false with errno set. True where the process is the account already.
bool take(const Account& account) noexcept;

// Makes the account the owner, and the mode 0700; follows no link. Throws Error.
void give_to(const std::optional<Account>& account, const std::filesystem::path& folder);

// Whether the account (or, without one, we ourselves) can enter the folder, that is all its parents too.
bool can_enter(const std::optional<Account>& account, const std::filesystem::path& folder);

}  // namespace persona::ops

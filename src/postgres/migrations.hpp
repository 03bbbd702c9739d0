// The schema, forward only. Each file of migrations/ runs once, in its own transaction, under an advisory lock, and its
// checksum is kept: a file that changed after it ran is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"

namespace persona::postgres {

struct Migration {
    std::string_view name;  // "0001_foundation.sql"
    std::string_view sql;
};

// migrations/*.sql as they were when the program was built, in order.
const std::vector<Migration>& embedded_migrations();

// Blocking; called before the loop starts. Returns the names that it ran. Throws Unavailable when the server cannot be
// reached, BadConfig when the database is newer than the program or a file was changed, SqlError when a file fails.
std::vector<std::string> migrate(const Secret& dsn, const std::vector<Migration>& all = embedded_migrations());

// Number of migrations the database still lacks; -1 when it is newer than this program. Blocking.
int missing_migrations(const Secret& dsn, const std::vector<Migration>& all = embedded_migrations());

}  // namespace persona::postgres

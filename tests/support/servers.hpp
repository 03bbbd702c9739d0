// One private PostgreSQL 15 and one private Redis 7 per test program, on sockets in a temporary folder, started by the first
// call that needs them and gone with the program, even when it is killed. Call from one thread.
#pragma once

#include <string>

namespace persona::test {

// A database of one's own, with every migration applied: a URL that libpq and DATABASE_URL take. A new one for each call.
// Commits survive postgres_kill (only a power cut would lose them: fsync is off).
std::string postgres_dsn();
// The same without a single table.
std::string empty_postgres_dsn();

// For tests of what happens without it; databases stay. kill is kill -9, stop ends sessions and writes everything out.
void postgres_kill();
void postgres_stop();
void postgres_start();

// The path of the socket. All databases of one server share it.
std::string redis_socket();
// The number of a database that no one else of this program uses: a new one for each call, 1 to 1000, empty.
int redis_database();
// Empties every database, as if Redis had lost everything.
void redis_flush();
// After either, Redis starts empty: it keeps nothing on disk.
void redis_kill();
void redis_stop();
void redis_start();

}  // namespace persona::test

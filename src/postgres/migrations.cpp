#include "postgres/migrations.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <map>
#include <memory>

#include "base/bytes.hpp"
#include "postgres/error.hpp"

namespace persona::postgres {
namespace {

// Any number that only Persona takes: "persona" in ASCII.
constexpr const char* lock_sql = "SELECT pg_advisory_lock(31647264131309153)";
constexpr const char* table_sql =
    "CREATE TABLE IF NOT EXISTS schema_migrations (name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())";

using Session = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Session open(const Secret& dsn) {
    Session session(PQconnectdb(dsn.reveal().c_str()), PQfinish);
    if (PQstatus(session.get()) != CONNECTION_OK) throw Unavailable(std::string("PostgreSQL: ") + PQerrorMessage(session.get()));
    PQsetNoticeProcessor(session.get(), [](void*, const char*) {}, nullptr);
    return session;
}

Answer execute(PGconn* pg, const std::string& sql, const std::string& what) {
    Answer answer(PQexec(pg, sql.c_str()), PQclear);
    const auto status = PQresultStatus(answer.get());
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return answer;
    const char* state = PQresultErrorField(answer.get(), PG_DIAG_SQLSTATE);
    throw SqlError(state ? state : "08006", what + ": " + PQerrorMessage(pg));
}

std::map<std::string, std::string> applied(PGconn* pg) {
    const Answer answer = execute(pg, "SELECT name, checksum FROM schema_migrations", "reading schema_migrations");
    std::map<std::string, std::string> out;
    for (int row = 0; row < PQntuples(answer.get()); ++row) out[PQgetvalue(answer.get(), row, 0)] = PQgetvalue(answer.get(), row, 1);
    return out;
}

std::string checksum(const Migration& migration) { return to_hex(sha256(as_bytes(migration.sql))); }

void refuse_what_we_do_not_know(const std::map<std::string, std::string>& done, const std::vector<Migration>& all) {
    for (const auto& [name, sum] : done) {
        const auto known = std::find_if(all.begin(), all.end(), [&](const Migration& m) { return m.name == name; });
        if (known == all.end())
            throw BadConfig("the database has migration " + name + ", which this program does not know: it is older than the database");
        if (checksum(*known) != sum) throw BadConfig("migration " + name + " was changed after it ran");
    }
}

}  // namespace

std::vector<std::string> migrate(const Secret& dsn, const std::vector<Migration>& all) {
    const Session session = open(dsn);
    PGconn* pg = session.get();
    execute(pg, lock_sql, "taking the migration lock");  // released when the session ends
    execute(pg, table_sql, "creating schema_migrations");
    const auto done = applied(pg);
    refuse_what_we_do_not_know(done, all);
    std::vector<std::string> ran;
    for (const Migration& migration : all) {
        const std::string name(migration.name);
        if (done.contains(name)) continue;
        execute(pg, "BEGIN", name);
        execute(pg, std::string(migration.sql), name);
        execute(pg, "INSERT INTO schema_migrations (name, checksum) VALUES ('" + name + "', '" + checksum(migration) + "')", name);
        execute(pg, "COMMIT", name);
        ran.push_back(name);
    }
    return ran;
}

int missing_migrations(const Secret& dsn, const std::vector<Migration>& all) {
    const Session session = open(dsn);
    execute(session.get(), table_sql, "creating schema_migrations");
    const auto done = applied(session.get());
    int missing = 0;
    for (const Migration& migration : all) missing += !done.contains(std::string(migration.name));
    return static_cast<int>(all.size()) - missing < static_cast<int>(done.size()) ? -1 : missing;
}

}  // namespace persona::postgres

#include "studio/audit/audit.hpp"

#include <boost/json/serialize.hpp>

#include "base/error.hpp"

namespace persona::audit {
namespace {

constexpr postgres::Query add_row{"audit.record",
                                  "INSERT INTO audit_log (event, actor, action, subject, origin, body, owner) "
                                  "VALUES ($1::uuid, $2, $3, $4, $5, $6::bytea, $7::bigint) ON CONFLICT (event) DO NOTHING"};
// Beside the end of an empty log (no row) stands whether there is a chain all the same.
constexpr postgres::Query read_end{"audit.end",
                                   "SELECT e.link, e.hash, e.signature, EXISTS (SELECT FROM audit_log WHERE link IS NOT NULL) "
                                   "FROM (SELECT) one LEFT JOIN audit_end e ON true"};
constexpr postgres::Query chain_rows{"audit.seal", "SELECT sealed, link, hash FROM audit_seal($1::int)"};
constexpr postgres::Query sign_end{"audit.sign", "SELECT audit_sign($1::bigint, $2::bytea, $3::bytea)"};
constexpr postgres::Query read_link{"audit.link", "SELECT hash FROM audit_log WHERE link = $1::bigint"};
constexpr postgres::Query find_fault{"audit.fault", "SELECT audit_fault()"};

constexpr int rows_at_once = 1000;

struct End {
    std::int64_t link = 0;
    Bytes hash;
};

Bytes signature(const vault::Vault& vault, const End& end) {
    const vault::Key key = vault.system_key().derive("audit.end");  // the same after a rotation of the master key
    return hmac_sha256(key.bytes(), as_bytes(std::to_string(end.link) + ":" + to_hex(end.hash)));
}

// What was signed last; nothing when nothing ever was. Throws Corrupt when the signature is not ours, or gone.
Task<std::optional<End>> signed_end(postgres::Pool& pool, const vault::Vault& vault, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_end);
    if (rows[0].is_null(0)) {
        if (rows[0].get<bool>(3)) throw Corrupt("the audit log is chained, and the signature of its end is gone");
        co_return std::nullopt;
    }
    End end{rows[0].get<std::int64_t>(0), rows[0].get<Bytes>(1)};
    if (!equal_constant_time(signature(vault, end), rows[0].get<Bytes>(2))) throw Corrupt("the end of the audit log is not signed by us");
    co_return end;
}

Task<void> sign(postgres::Pool& pool, const vault::Vault& vault, End end, Deadline deadline) {
    postgres::Work work;
    work.add(sign_end, end.link, end.hash, signature(vault, end));
    if (!co_await pool.commit(std::move(work), deadline)) throw Error("the audit log could not be signed");
}

}  // namespace

std::size_t record(postgres::Work& work, const Entry& entry, const vault::Key& key) {
    const Uuid event = entry.event.value_or(Uuid::v7());
    std::optional<Bytes> body;
    if (!entry.before.is_null() || !entry.after.is_null())
        body = vault::seal(key, vault::Place("audit_log.body", event),
                           boost::json::serialize(boost::json::value{{"before", entry.before}, {"after", entry.after}}));
    return work.add(add_row, event, entry.actor, entry.action, entry.subject, entry.origin, body, entry.owner);
}

// Chaining and signing are two transactions: the signature needs the hash. A kill in between leaves rows chained beyond the
// signed end, and the next seal signs them with its own. The empty log is signed before its first row is chained, so that a
// chain without a signature is always somebody else's work.
Task<int> seal(postgres::Pool& pool, const vault::Vault& vault, Deadline deadline) {
    const auto before = co_await signed_end(pool, vault, deadline);
    if (!before) co_await sign(pool, vault, End{}, deadline);
    postgres::Work chaining;
    chaining.add(chain_rows, rows_at_once);
    const auto chained = co_await pool.commit(std::move(chaining), deadline);
    if (!chained) throw Error("the audit log could not be chained");
    const auto row = chained->front()[0];
    if (row.is_null(1)) co_return row.get<int>(0);
    const End end{row.get<std::int64_t>(1), row.get<Bytes>(2)};
    if (!before || end.link > before->link) co_await sign(pool, vault, end, deadline);
    co_return row.get<int>(0);
}

Task<std::optional<std::int64_t>> verify(postgres::Pool& pool, const vault::Vault& vault, Deadline deadline) {
    const End end = (co_await signed_end(pool, vault, deadline)).value_or(End{});
    const auto fault = (co_await pool.read(deadline, find_fault))[0].maybe<std::int64_t>(0);
    if (fault || end.link == 0) co_return fault;
    const auto rows = co_await pool.read(deadline, read_link, end.link);
    if (rows.empty()) co_return end.link + 1;
    if (rows[0].get<Bytes>(0) != end.hash) co_return end.link;
    co_return std::nullopt;
}

}  // namespace persona::audit

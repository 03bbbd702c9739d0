#include "studio/transcripts/library.hpp"

#include <iterator>
#include <sstream>

#include "studio/transcripts/sealing.hpp"

namespace persona::transcripts {
namespace {

#define PERSONA_ENTRY_COLUMNS                                                                                                                      \
    "SELECT t.id, t.number, t.source, t.language, t.duration_ms, t.name_data,"                                                                     \
    " (SELECT d.file_name FROM user_documents d WHERE d.transcript_id = t.id AND d.kind IN ('transcript', 'text') ORDER BY d.created_at LIMIT 1)," \
    " (SELECT string_agg(k.kind, ' ' ORDER BY k.at) FROM"                                                                                          \
    "  (SELECT d.kind, min(d.created_at) AS at FROM user_documents d WHERE d.transcript_id = t.id GROUP BY d.kind) k),"                            \
    " t.created_at, c.transcript_id IS NOT NULL"                                                                                                   \
    " FROM user_transcripts t LEFT JOIN current_transcripts c ON c.user_id = t.user_id AND c.transcript_id = t.id WHERE t.user_id = $1::bigint"
constexpr postgres::Query entries_query{"transcripts.entries",
                                        PERSONA_ENTRY_COLUMNS " ORDER BY t.created_at DESC, t.number DESC OFFSET $2::int LIMIT $3::int"};
constexpr postgres::Query entry_query{"transcripts.entry", PERSONA_ENTRY_COLUMNS " AND t.id = $2::uuid"};
constexpr postgres::Query current_query{"transcripts.current", PERSONA_ENTRY_COLUMNS " AND c.transcript_id IS NOT NULL"};
#undef PERSONA_ENTRY_COLUMNS

// An hour more than now: what is sent waits in the outbox before its file is read.
#define PERSONA_MADE_COLUMNS                                                                                                     \
    "SELECT d.id, d.transcript_id, d.kind, d.file_name, coalesce(d.blob, ''), d.created_at,"                                     \
    " EXISTS (SELECT FROM blobs b WHERE b.name = d.blob AND (b.expires_at IS NULL OR b.expires_at > now() + interval '1 hour'))" \
    " FROM user_documents d WHERE d.user_id = $1::bigint"
constexpr postgres::Query documents_query{"transcripts.documents", PERSONA_MADE_COLUMNS
                                          " AND d.transcript_id = $2::uuid AND d.kind <> 'text' ORDER BY d.created_at DESC, d.id DESC LIMIT $3::int"};
constexpr postgres::Query document_query{"transcripts.document", PERSONA_MADE_COLUMNS " AND d.id = $2::uuid"};
constexpr postgres::Query last_document_query{"transcripts.last_document",
                                              PERSONA_MADE_COLUMNS " AND d.transcript_id IS NOT NULL ORDER BY d.created_at DESC, d.id DESC LIMIT 1"};
#undef PERSONA_MADE_COLUMNS

constexpr postgres::Query make_current_query{
    "transcripts.choose",
    "INSERT INTO current_transcripts (user_id, transcript_id) SELECT user_id, id FROM user_transcripts WHERE user_id = $1::bigint AND id = $2::uuid"
    " ON CONFLICT (user_id) DO UPDATE SET transcript_id = excluded.transcript_id"};
constexpr postgres::Query rename_query{
    "transcripts.rename", "UPDATE user_transcripts SET name_data = $3::bytea, updated_at = now() WHERE user_id = $1::bigint AND id = $2::uuid"};
constexpr postgres::Query erase_query{"transcripts.erase", "SELECT transcript_delete($1::bigint, $2::uuid)"};
constexpr postgres::Query erase_document_query{"transcripts.erase_document", "SELECT document_delete($1::bigint, $2::uuid)"};

std::vector<std::string> split(const std::string& words) {
    std::istringstream in(words);
    return {std::istream_iterator<std::string>(in), {}};
}

Entry entry_of(const postgres::Row& row, const vault::Key& key) {
    const TranscriptId id(row.get<Uuid>(0));
    const auto name = row.maybe<Bytes>(5);
    return {.id = id,
            .number = row.get<std::int64_t>(1),
            .source = row.get<std::string>(2),
            .language = row.get<std::string>(3),
            .duration = Millis(row.maybe<std::int64_t>(4).value_or(0)),
            .name = name ? vault::open(key, name_place(id), *name) : row.maybe<std::string>(6).value_or(""),
            .made = split(row.maybe<std::string>(7).value_or("")),
            .at = row.get<Time>(8),
            .current = row.get<bool>(9)};
}

std::optional<Entry> first_entry(const postgres::Rows& rows, const vault::Key& key) {
    return rows.empty() ? std::nullopt : std::optional(entry_of(rows[0], key));
}

Made made_of(const postgres::Row& row) {
    Made out{.id = row.get<Uuid>(0),
             .transcript = {},
             .kind = row.get<std::string>(2),
             .file_name = row.get<std::string>(3),
             .blob = row.get<std::string>(4),
             .at = row.get<Time>(5),
             .kept = row.get<bool>(6)};
    if (const auto transcript = row.maybe<Uuid>(1)) out.transcript = TranscriptId(*transcript);
    return out;
}

std::optional<Made> first_made(const postgres::Rows& rows) { return rows.empty() ? std::nullopt : std::optional(made_of(rows[0])); }

}  // namespace

Task<std::vector<Entry>> entries(postgres::Pool& pool, UserId user, vault::Key key, int skip, int most, Deadline deadline) {
    std::vector<Entry> out;
    for (const auto row : co_await pool.read(deadline, entries_query, user, skip, most)) out.push_back(entry_of(row, key));
    co_return out;
}

Task<std::optional<Entry>> entry(postgres::Pool& pool, UserId user, vault::Key key, TranscriptId id, Deadline deadline) {
    co_return first_entry(co_await pool.read(deadline, entry_query, user, id), key);
}

Task<std::optional<Entry>> current(postgres::Pool& pool, UserId user, vault::Key key, Deadline deadline) {
    co_return first_entry(co_await pool.read(deadline, current_query, user), key);
}

Task<std::vector<Made>> documents_of(postgres::Pool& pool, UserId user, TranscriptId id, int most, Deadline deadline) {
    std::vector<Made> out;
    for (const auto row : co_await pool.read(deadline, documents_query, user, id, most)) out.push_back(made_of(row));
    co_return out;
}

Task<std::optional<Made>> document(postgres::Pool& pool, UserId user, Uuid id, Deadline deadline) {
    co_return first_made(co_await pool.read(deadline, document_query, user, id));
}

Task<std::optional<Made>> last_document(postgres::Pool& pool, UserId user, Deadline deadline) {
    co_return first_made(co_await pool.read(deadline, last_document_query, user));
}

void make_current(postgres::Work& work, UserId user, TranscriptId id) { work.add(make_current_query, user, id); }

void rename(postgres::Work& work, UserId user, const vault::Key& key, TranscriptId id, std::string_view name) {
    work.add(rename_query, user, id, vault::seal(key, name_place(id), name));
}

void erase(postgres::Work& work, UserId user, TranscriptId id) { work.add(erase_query, user, id); }

void erase_document(postgres::Work& work, UserId user, const Uuid& id) { work.add(erase_document_query, user, id); }

}  // namespace persona::transcripts

#include "studio/transcripts/search.hpp"

#include "studio/transcripts/sealing.hpp"
#include "studio/transcripts/transcripts.hpp"
#include "studio/transcripts/vocabulary.hpp"

namespace persona::transcripts {
namespace {

constexpr int batch = 100;  // a few milliseconds of work between two waits: other people are answered in between

constexpr postgres::Query batch_query{
    "transcripts.search",
    "SELECT t.id, t.created_at, t.number, t.name_data, t.words_data,"
    " (SELECT d.file_name FROM user_documents d WHERE d.transcript_id = t.id AND d.kind = 'text' ORDER BY d.created_at LIMIT 1)"
    " FROM user_transcripts t WHERE t.user_id = $1::bigint AND (t.created_at, t.number) < ($2::timestamptz, $3::bigint)"
    " ORDER BY t.created_at DESC, t.number DESC LIMIT $4::int"};

// Where the next batch begins.
struct Cursor {
    Time at = *from_iso("9999-01-01T00:00:00Z");
    std::int64_t number = 0;
};

struct Scan {
    postgres::Pool& pool;
    UserId user;
    vault::Key key;
    std::vector<Wanted> wanted;
    Deadline deadline;

    Task<std::string> vocabulary(TranscriptId id, std::optional<Bytes> sealed) const {
        if (sealed) co_return vault::open(key, words_place(id), *sealed);
        // A release before this one wrote it.
        const auto transcript = co_await find(pool, user, key, id, deadline);
        co_return transcript ? vocabulary_of(*transcript) : std::string();
    }

    Task<bool> matches_row(postgres::Row row) const {
        const TranscriptId id(row.get<Uuid>(0));
        const auto name = row.maybe<Bytes>(3);
        const std::string shown = name ? vault::open(key, name_place(id), *name) : row.maybe<std::string>(5).value_or("");
        co_return matches(wanted, co_await vocabulary(id, row.maybe<Bytes>(4)), shown);
    }

    // Ids of the matches behind `cursor`, which moves on; false at the end.
    Task<bool> next(Cursor& cursor, std::vector<TranscriptId>& into) const {
        const auto rows = co_await pool.read(deadline, batch_query, user, cursor.at, cursor.number, batch);
        for (const auto row : rows) {
            cursor = {row.get<Time>(1), row.get<std::int64_t>(2)};
            if (co_await matches_row(row)) into.push_back(TranscriptId(row.get<Uuid>(0)));
        }
        co_return rows.size() == batch;
    }

    Task<std::optional<Hit>> hit(TranscriptId id) const {
        auto found = co_await entry(pool, user, key, id, deadline);
        const auto transcript = co_await find(pool, user, key, id, deadline);
        if (!found || !transcript) co_return std::nullopt;
        co_return Hit{std::move(*found), excerpt(wanted, *transcript)};
    }
};

}  // namespace

Task<std::vector<Hit>> search(postgres::Pool& pool, UserId user, vault::Key key, std::string query, int skip, int most, Deadline deadline) {
    const Scan scan{pool, user, key, wanted_of(query), deadline};
    std::vector<Hit> out;
    if (scan.wanted.empty()) co_return out;
    std::vector<TranscriptId> ids;
    const std::size_t enough = static_cast<std::size_t>(skip) + static_cast<std::size_t>(most);
    Cursor cursor;
    for (int seen = 0; seen < most_searched && ids.size() < enough; seen += batch)
        if (!co_await scan.next(cursor, ids)) break;
    for (std::size_t i = static_cast<std::size_t>(skip); i < std::min(ids.size(), enough); ++i)
        if (auto hit = co_await scan.hit(ids[i])) out.push_back(std::move(*hit));
    co_return out;
}

}  // namespace persona::transcripts

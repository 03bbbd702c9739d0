#include "studio/analytics/usage.hpp"

#include <algorithm>

namespace persona::analytics {
namespace {

// An operation's rows are found by its key; its document among those of the user, of whom there is an index.
constexpr postgres::Query used_query{
    "analytics.used",
    "SELECT t.id, t.created_at, substr(t.counter_account, 9), -t.amount, d.id, d.kind, d.transcript_id, r.amount, r.created_at FROM transactions t"
    " LEFT JOIN LATERAL (SELECT u.id, u.kind, u.transcript_id FROM user_documents u"
    "  WHERE u.user_id = t.user_id AND u.operation = substr(t.operation_key, 8)::uuid ORDER BY u.created_at, u.id LIMIT 1) d ON true"
    " LEFT JOIN transactions r ON r.operation_key = 'refund:' || substr(t.operation_key, 8)"
    " WHERE t.user_id = $1::bigint AND t.type = 'charge' AND ($2::bigint = 0 OR t.id < $2::bigint) ORDER BY t.id DESC LIMIT $3::int"};

constexpr int most_of_a_page = 100;

}  // namespace

Task<std::vector<Used>> used(postgres::Pool& pool, UserId user, std::int64_t before, int most, Deadline deadline) {
    std::vector<Used> out;
    for (const auto row : co_await pool.read(deadline, used_query, user, before, std::clamp(most, 1, most_of_a_page))) {
        Used& one = out.emplace_back(
            Used{.id = row.get<std::int64_t>(0), .at = row.get<Time>(1), .service = row.get<std::string>(2), .amount = row.get<Coins>(3)});
        if (!row.is_null(4)) one.document = Used::Document{row.get<Uuid>(4), row.get<std::string>(5), row.maybe<TranscriptId>(6)};
        if (!row.is_null(7)) one.refund = Used::Refund{row.get<Coins>(7), row.get<Time>(8)};
    }
    co_return out;
}

}  // namespace persona::analytics

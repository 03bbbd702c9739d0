#include "studio/notices/notices.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace persona::notices {
namespace {

constexpr postgres::Query due_query{
    "notices.due",
    "SELECT n.id, n.user_id, n.kind, coalesce(n.data->>'coins', n.data->>'balance'), g.notifications, n.data->>'resume' FROM notices n "
    "JOIN user_settings g USING (user_id)"
    " WHERE n.ended_at IS NULL AND n.not_before <= now() ORDER BY n.not_before, n.id LIMIT $1::int"};
constexpr postgres::Query end_query{"notices.end", "SELECT notice_end($1::bigint, $2)"};
constexpr postgres::Query put_off_query{"notices.put_off",
                                        "UPDATE notices SET not_before = $2::timestamptz WHERE id = $1::bigint AND ended_at IS NULL"};
constexpr postgres::Query low_query{"notices.low", "SELECT notice_low($1::uuid, $2::numeric)"};

constexpr std::array<std::string_view, 3> kinds{"credited", "refunded", "low"};

Kind kind_of(std::string_view text) {
    const auto at = std::ranges::find(kinds, text);
    if (at == kinds.end()) throw Corrupt("a notice has an unknown kind");
    return static_cast<Kind>(at - kinds.begin());
}

}  // namespace

Task<std::vector<Notice>> due(postgres::Pool& pool, int most, Deadline deadline) {
    std::vector<Notice> out;
    for (const auto row : co_await pool.read(deadline, due_query, most))
        out.push_back({row.get<std::int64_t>(0), row.get<UserId>(1), kind_of(row.get<std::string>(2)), row.get<Coins>(3), row.get<bool>(4),
                       row.maybe<std::string>(5).value_or("")});
    co_return out;
}

std::size_t end(postgres::Work& work, std::int64_t notice, Ending ending) {
    return work.add(end_query, notice, ending == Ending::told ? "told" : "muted");
}

std::size_t put_off(postgres::Work& work, std::int64_t notice, Time until) { return work.add(put_off_query, notice, until); }

std::size_t watch_low(postgres::Work& work, OperationId operation, Coins threshold) { return work.add(low_query, operation, threshold); }

}  // namespace persona::notices

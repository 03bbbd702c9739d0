#include "studio/analytics/reports.hpp"

namespace persona::analytics {
namespace {

using enum Column::Kind;

#define LOCAL_DAY(at) "(" at " AT TIME ZONE $3)::date"
// The day decides; the bounds around it, wider than any zone, only let an index help.
#define OF_DAYS(at) \
    LOCAL_DAY(at)   \
    " BETWEEN $1::date AND $2::date AND " at " >= $1::date - interval '2 days' AND " at " < $2::date + interval '3 days'"

constexpr postgres::Query transactions_query{
    "analytics.transactions", "SELECT id, " LOCAL_DAY("created_at") ", user_id, type, amount, counter_account, balance_after, description FROM transactions"
    " WHERE " OF_DAYS("created_at") " ORDER BY id"};

constexpr postgres::Query revenue_query{
    "analytics.revenue",
    "SELECT day, line, account, count(*), sum(CASE line WHEN 'revenue' THEN -amount ELSE amount END) FROM ("
    " SELECT " LOCAL_DAY("created_at") " AS day, amount,"
    " CASE WHEN counter_account LIKE 'revenue:%' THEN 'revenue' WHEN counter_account NOT LIKE 'provider:%' THEN split_part(counter_account, ':', 1)"
    "  WHEN amount < 0 THEN 'returned' ELSE 'topup' END AS line,"
    " CASE WHEN counter_account = 'promotion' THEN type ELSE regexp_replace(counter_account, '^(revenue|provider|adjustment):', '') END AS account"
    " FROM transactions WHERE " OF_DAYS("created_at") ") rows GROUP BY day, line, account ORDER BY day, line, account"};

constexpr postgres::Query users_query{
    "analytics.users",
    "WITH days AS (SELECT d::date AS day FROM generate_series($1::date, $2::date, interval '1 day') d),"
    " fresh AS (SELECT " LOCAL_DAY("created_at") " AS day, count(*) AS n FROM users GROUP BY 1),"
    " active AS (SELECT day, count(DISTINCT user_id) AS n FROM ("
    "  SELECT " LOCAL_DAY("created_at") " AS day, user_id FROM transactions WHERE " OF_DAYS("created_at")
    "  UNION SELECT " LOCAL_DAY("created_at") ", user_id FROM jobs WHERE " OF_DAYS("created_at") ") seen GROUP BY day),"
    " paying AS (SELECT " LOCAL_DAY("created_at") " AS day, count(DISTINCT user_id) AS n FROM transactions"
    "  WHERE type = 'topup' AND " OF_DAYS("created_at") " GROUP BY 1)"
    " SELECT days.day, coalesce(fresh.n, 0), coalesce(active.n, 0), coalesce(paying.n, 0),"
    " (SELECT coalesce(sum(n), 0) FROM fresh f WHERE f.day <= days.day)"
    " FROM days LEFT JOIN fresh USING (day) LEFT JOIN active USING (day) LEFT JOIN paying USING (day) ORDER BY days.day"};

constexpr postgres::Query usage_query{
    "analytics.usage",
    "SELECT service, sum(charged), sum(coins), sum(returned), sum(voided), sum(cancelled) FROM ("
    " SELECT substr(counter_account, 9) AS service, (type = 'charge')::int AS charged, CASE WHEN type = 'charge' THEN -amount ELSE 0 END AS coins,"
    "  (type = 'refund')::int AS returned, 0 AS voided, 0 AS cancelled"
    "  FROM transactions WHERE counter_account LIKE 'revenue:%' AND " OF_DAYS("created_at")
    " UNION ALL SELECT service, 0, 0, 0, 1, coalesce(reason = 'cancelled', false)::int FROM holds WHERE state = 'voided' AND " OF_DAYS("decided_at")
    ") operations GROUP BY service ORDER BY service"};

// $1: the moment, $2: the zone. A row each for 1, 7 and 30 days.
constexpr postgres::Query summary_query{
    "analytics.summary",
    "WITH spans AS (SELECT n, ($1::timestamptz AT TIME ZONE $2)::date - n + 1 AS first, ($1::timestamptz AT TIME ZONE $2)::date AS last"
    "  FROM unnest(ARRAY[1, 7, 30]) n),"
    " ledger AS (SELECT (created_at AT TIME ZONE $2)::date AS day, amount, type, counter_account FROM transactions"
    "  WHERE created_at >= $1::timestamptz - interval '32 days'),"
    " fresh AS (SELECT (created_at AT TIME ZONE $2)::date AS day FROM users WHERE created_at >= $1::timestamptz - interval '32 days')"
    " SELECT coalesce(-sum(amount) FILTER (WHERE counter_account LIKE 'revenue:%'), 0),"
    " coalesce(sum(amount) FILTER (WHERE counter_account LIKE 'provider:%'), 0),"
    " (SELECT count(*) FROM fresh WHERE fresh.day BETWEEN first AND last), count(*) FILTER (WHERE type = 'charge')"
    " FROM spans LEFT JOIN ledger ON ledger.day BETWEEN first AND last GROUP BY n, first, last ORDER BY n"};

#undef OF_DAYS
#undef LOCAL_DAY

Task<Report> report(postgres::Pool& pool, const postgres::Query& query, Days days, std::vector<Column> columns, Deadline deadline) {
    Report out{std::move(columns), {}};
    for (const auto row : co_await pool.read(deadline, query, days.from, days.to, days.zone)) {
        auto& cells = out.rows.emplace_back();
        for (int i = 0; i < static_cast<int>(out.columns.size()); ++i)
            cells.push_back(out.columns[static_cast<std::size_t>(i)].kind == amount ? row.get<Coins>(i).text() : row.get<std::string>(i));
    }
    co_return out;
}

}  // namespace

Task<Report> transactions(postgres::Pool& pool, Days days, Deadline deadline) {
    std::vector<Column> columns{{"id", count},      {"day"},     {"user", count},           {"kind"},
                                {"amount", amount}, {"account"}, {"balance_after", amount}, {"description"}};
    return report(pool, transactions_query, std::move(days), std::move(columns), deadline);
}

Task<Report> revenue(postgres::Pool& pool, Days days, Deadline deadline) {
    std::vector<Column> columns{{"day"}, {"line"}, {"account"}, {"rows", count}, {"coins", amount}};
    return report(pool, revenue_query, std::move(days), std::move(columns), deadline);
}

Task<Report> users(postgres::Pool& pool, Days days, Deadline deadline) {
    std::vector<Column> columns{{"day"}, {"new", count}, {"active", count}, {"paying", count}, {"total", count}};
    return report(pool, users_query, std::move(days), std::move(columns), deadline);
}

Task<Report> usage(postgres::Pool& pool, Days days, Deadline deadline) {
    std::vector<Column> columns{{"service"}, {"charged", count}, {"coins", amount}, {"returned", count}, {"voided", count}, {"cancelled", count}};
    return report(pool, usage_query, std::move(days), std::move(columns), deadline);
}

Task<Summary> summary(postgres::Pool& pool, Time now, std::string zone, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, summary_query, now, zone);
    const auto figures = [&](int row) {
        return Figures{rows[row].get<Coins>(0), rows[row].get<Coins>(1), rows[row].get<std::int64_t>(2), rows[row].get<std::int64_t>(3)};
    };
    co_return Summary{figures(0), figures(1), figures(2)};
}

}  // namespace persona::analytics

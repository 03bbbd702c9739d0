#include "studio/portraits/requests.hpp"

#include <algorithm>
#include <array>

#include "base/error.hpp"

namespace persona::portraits {
namespace {

constexpr postgres::Query submitting_query{"portraits.submitting", "SELECT portrait_submitting($1::uuid, $2::bigint, $3, $4, $5::timestamptz)"};
constexpr postgres::Query submitted_query{"portraits.submitted", "SELECT portrait_submitted($1::uuid, $2)"};
constexpr postgres::Query not_submitted_query{"portraits.not_submitted",
                                              "DELETE FROM portrait_requests WHERE id = $1::uuid AND state = 'submitting'"};
constexpr postgres::Query find_query{
    "portraits.request", "SELECT state <> 'submitting', coalesce(request, ''), told, deadline_at FROM portrait_requests WHERE id = $1::uuid"};
constexpr postgres::Query ended_query{"portraits.ended", "SELECT portrait_ended($1::uuid)"};
constexpr postgres::Query told_query{"portraits.told", "SELECT job, verdict FROM portrait_told($1, $2, $3::uuid, $4, $5::bytea)"};
constexpr postgres::Query forget_query{"portraits.forget_requests",
                                       "DELETE FROM portrait_requests WHERE ended_at < now() - make_interval(days => $1::int)"};
constexpr postgres::Query count_query{"portraits.count_event", "SELECT event_count($1)"};

constexpr std::array<std::string_view, 2> purposes{"training", "painting"};
constexpr std::array<std::string_view, 5> verdicts{"told", "before", "late", "foreign", "unknown"};

// By the provider's id: it is known to whoever tells.
vault::Place told_place(std::string_view request) { return {"portrait_requests.told", request}; }

Task<void> commit(postgres::Pool& pool, postgres::Work work, Deadline deadline) {
    const auto done = co_await pool.commit(std::move(work), deadline);
    if (!done) throw Error("a request of a portrait was refused: " + done.error().detail);
}

}  // namespace

Task<void> submitting(postgres::Pool& pool, Uuid job, UserId user, std::string provider, Purpose purpose, Time deadline_at, Deadline deadline) {
    postgres::Work work;
    work.add(submitting_query, job, user, provider, purposes[static_cast<std::size_t>(purpose)], deadline_at);
    co_await commit(pool, std::move(work), deadline);
}

Task<void> submitted(postgres::Pool& pool, Uuid job, std::string request, Deadline deadline) {
    postgres::Work work;
    work.add(submitted_query, job, request);
    co_await commit(pool, std::move(work), deadline);
}

Task<void> not_submitted(postgres::Pool& pool, Uuid job, Deadline deadline) {
    postgres::Work work;
    work.add(not_submitted_query, job);
    co_await commit(pool, std::move(work), deadline);
}

Task<std::optional<Request>> find(postgres::Pool& pool, const vault::Vault& vault, Uuid job, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, find_query, job);
    if (rows.empty()) co_return std::nullopt;
    const auto row = rows[0];
    Request out{.submitted = row.get<bool>(0), .id = row.get<std::string>(1), .deadline = row.get<Time>(3)};
    if (const auto told = row.maybe<Bytes>(2)) out.told = vault::open(vault.system_key(), told_place(out.id), *told);
    co_return out;
}

void ended(postgres::Work& work, const Uuid& job) { work.add(ended_query, job); }

Task<Verdict> tell(postgres::Pool& pool, const vault::Vault& vault, std::string provider, std::string request, std::optional<Uuid> job,
                   std::string status, std::string body, Deadline deadline) {
    postgres::Work work;
    work.add(told_query, provider, request, job, status, vault::seal(vault.system_key(), told_place(request), body));
    const auto done = co_await pool.commit(std::move(work), deadline);
    if (!done) throw Error("a webhook was refused: " + done.error().detail);
    const auto row = done->front()[0];
    const auto* at = std::ranges::find(verdicts, row.get<std::string>(1));
    if (at == verdicts.end()) throw Corrupt("a webhook met an unknown verdict");
    co_return Verdict{static_cast<Told>(at - verdicts.begin()), row.maybe<Uuid>(0)};
}

Task<void> forget_ended(postgres::Pool& pool, std::chrono::days age, Deadline deadline) {
    postgres::Work work;
    work.add(forget_query, static_cast<int>(age.count()));
    co_await commit(pool, std::move(work), deadline);
}

void count_event(postgres::Work& work, std::string_view name) { work.add(count_query, name); }

Task<void> count_unknown_status(postgres::Pool& pool, Deadline deadline) {
    postgres::Work work;
    count_event(work, "portrait_unknown_status");
    co_await commit(pool, std::move(work), deadline);
}

}  // namespace persona::portraits

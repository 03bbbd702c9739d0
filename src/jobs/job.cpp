#include "jobs/job.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "base/error.hpp"
#include "jobs/sealing.hpp"

namespace persona::jobs {
namespace {

constexpr postgres::Query add_job{"jobs.enqueue", "SELECT job_enqueue($1::uuid, $2::bigint, $3, $4::bytea, $5::uuid, $6::int, $7, $8::bigint)"};
constexpr postgres::Query ask_cancel{"jobs.cancel", "SELECT job_cancel($1::uuid, $2::bigint)"};
constexpr postgres::Query read_active{
    "jobs.active",
    "SELECT j.id, j.kind, j.state, j.done_units, j.all_units, coalesce(p.place, 0), j.cancel, j.started_at, j.created_at, j.topic "
    "FROM jobs j LEFT JOIN job_places p USING (id) WHERE j.user_id = $1::bigint AND j.ended_at IS NULL "
    "ORDER BY j.created_at, j.id"};
constexpr postgres::Query read_one{
    "jobs.status",
    "SELECT j.id, j.kind, j.state, j.done_units, j.all_units, coalesce(p.place, 0), j.cancel, j.started_at, j.created_at, j.topic "
    "FROM jobs j LEFT JOIN job_places p USING (id) WHERE j.id = $1::uuid AND j.user_id = $2::bigint"};
// By the turn that an order would get now (job_enqueue).
constexpr postgres::Query count_ahead{
    "jobs.ahead",
    "WITH next AS (SELECT greatest((SELECT turn FROM job_turns WHERE user_id = $1::bigint), last_value) + 1 AS turn FROM job_turn_served) "
    "SELECT count(*) FROM jobs j, next WHERE j.state = 'queued' AND NOT j.cancel AND j.kind = $2 AND (j.priority < 0 OR (j.priority = 0 AND j.turn "
    "<= next.turn))"};
constexpr postgres::Query read_line{"jobs.line",
                                    "SELECT l.id, l.user_id, j.topic, l.place, (l.seconds * 1000)::bigint FROM job_line($1) l JOIN jobs j USING (id) "
                                    "WHERE l.told_place IS DISTINCT FROM l.place ORDER BY l.place LIMIT $2::int"};
constexpr postgres::Query say_place{"jobs.tell_place", "SELECT job_tell_place($1::uuid, $2::bigint)"};
constexpr postgres::Query forget_ended{"jobs.forget", "SELECT job_forget($1::int, 1000)"};

constexpr std::array<std::string_view, 5> state_words{"queued", "running", "done", "cancelled", "dead"};

State state_of(std::string_view text) {
    const auto at = std::ranges::find(state_words, text);
    if (at == state_words.end()) throw Corrupt("a job is in an unknown state");
    return static_cast<State>(at - state_words.begin());
}

Status status_of(const postgres::Row& row) {
    return {.id = row.get<JobId>(0),
            .kind = row.get<std::string>(1),
            .topic = row.get<std::string>(9),
            .state = state_of(row.get<std::string>(2)),
            .done = row.get<std::int64_t>(3),
            .all = row.get<std::int64_t>(4),
            .place = row.get<int>(5),
            .cancelling = row.get<bool>(6),
            .started_at = row.maybe<Time>(7),
            .created_at = row.get<Time>(8)};
}

}  // namespace

std::size_t enqueue(postgres::Work& work, const NewJob& job, const vault::Key& key) {
    const Bytes sealed = vault::seal(key, args_place(job.id), boost::json::serialize(job.args));
    return work.add(add_job, job.id, job.user, job.kind, sealed, job.operation, job.priority, job.topic, job.units);
}

std::size_t cancel(postgres::Work& work, JobId id, UserId user) { return work.add(ask_cancel, id, user); }

Task<std::vector<Status>> active(postgres::Pool& pool, UserId user, Deadline deadline) {
    std::vector<Status> out;
    for (const auto row : co_await pool.read(deadline, read_active, user)) out.push_back(status_of(row));
    co_return out;
}

Task<int> ahead(postgres::Pool& pool, UserId user, std::string_view kind, Deadline deadline) {
    co_return (co_await pool.read(deadline, count_ahead, user, kind)).value<int>();
}

Task<std::vector<Waiting>> line(postgres::Pool& pool, std::string_view kind, int most, Deadline deadline) {
    std::vector<Waiting> out;
    for (const auto row : co_await pool.read(deadline, read_line, kind, most)) {
        const auto wait = row.maybe<std::int64_t>(4);
        out.push_back({.id = row.get<JobId>(0),
                       .user = row.get<UserId>(1),
                       .topic = row.get<std::string>(2),
                       .place = row.get<int>(3),
                       .wait = wait ? std::optional(Millis(*wait)) : std::nullopt});
    }
    co_return out;
}

std::size_t tell_place(postgres::Work& work, JobId id, int place) { return work.add(say_place, id, place); }

Task<std::int64_t> forget(postgres::Pool& pool, std::chrono::days age, Deadline deadline) {
    postgres::Work work;
    work.add(forget_ended, static_cast<int>(age.count()));
    const auto done = co_await pool.commit(std::move(work), deadline);
    co_return done ? done->front().value<std::int64_t>() : 0;
}

Task<std::optional<Status>> status(postgres::Pool& pool, JobId id, UserId user, Deadline deadline) {
    const auto rows = co_await pool.read(deadline, read_one, id, user);
    if (rows.empty()) co_return std::nullopt;
    co_return status_of(rows[0]);
}

}  // namespace persona::jobs

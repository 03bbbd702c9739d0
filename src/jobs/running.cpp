#include "jobs/running.hpp"

#include "async/within.hpp"
#include "base/log.hpp"
#include "jobs/sealing.hpp"

namespace persona::jobs {
namespace {

constexpr postgres::Query read_pieces{"jobs.pieces", "SELECT piece, body FROM job_pieces WHERE job_id = $1::uuid"};
constexpr postgres::Query add_piece{"jobs.keep_piece", "SELECT job_keep_piece($1::uuid, $2::bigint, $3::int, $4::bytea)"};
// A lost heartbeat is only an earlier end of the lease: not worth waiting for the disk.
constexpr postgres::Query lightly{"jobs.lightly", "SELECT set_config('synchronous_commit', 'off', true)"};
constexpr postgres::Query heartbeat{"jobs.heartbeat", "SELECT job_heartbeat($1::uuid, $2::bigint, $3::double precision, $4::bigint, $5::bigint)"};

constexpr Millis most_often{100};

[[noreturn]] void no_longer_ours() { throw boost::system::system_error(asio::error::operation_aborted); }

postgres::Work beat(const Running::State& run, Millis lease) {
    postgres::Work work;
    work.add(lightly);
    work.add(heartbeat, run.claim.id, run.claim.fence, seconds(lease), run.done, run.all);
    return work;
}

// One heartbeat. False when the job is not ours any more.
Task<bool> renew(std::shared_ptr<Running::State> run, Millis lease) {
    const Deadline until = Deadline::after(lease);
    const auto result = co_await run->pool.commit(beat(*run, lease), run->lease);
    if (!result) co_return false;
    run->lease = until;
    if (result->at(1).value<bool>()) run->end(Stop::cancel);
    co_return true;
}

}  // namespace

Task<void> keep_lease(std::shared_ptr<Running::State> run, Millis lease, Millis period) {
    for (;;) {
        // A bell that rings all the time makes no more than a few heartbeats a second.
        const auto soonest = Deadline::after(most_often);
        co_await run->beat_now.wait(Deadline::after(period));
        co_await pause(soonest.left());
        bool held = true;
        try {
            held = co_await renew(run, lease);
        } catch (const Error& e) {
            held = !run->lease.passed();
            log(Level::warn, "jobs", "a heartbeat failed", {{"job", run->claim.id.value.text()}, {"error", e.what()}});
        }
        if (!held) co_return run->end(Stop::lost);
    }
}

Running::Running(std::shared_ptr<State> state) : state_(std::move(state)) {}
JobId Running::id() const { return state_->claim.id; }
UserId Running::user() const { return state_->claim.user; }
const vault::Key& Running::key() const { return state_->key; }
const boost::json::value& Running::args() const { return state_->args; }
std::optional<OperationId> Running::operation() const { return state_->claim.operation; }
int Running::attempt() const { return state_->claim.attempts; }
bool Running::cancelled() const { return state_->stop != Stop::none; }

std::function<bool()> Running::watch() const {
    return [state = state_] { return state->stop != Stop::none; };
}

void Running::progress(std::int64_t done, std::int64_t all) {
    state_->done = done;
    state_->all = all;
}

Task<std::map<int, std::string>> Running::pieces() {
    std::map<int, std::string> out;
    for (const auto row : co_await state_->pool.read(state_->lease, read_pieces, id())) {
        const int piece = row.get<int>(0);
        out.emplace(piece, vault::open(key(), piece_place(id(), piece), row.get<Bytes>(1)));
    }
    co_return out;
}

// The lease moves on while we wait, so one long deadline is wrong and one attempt too: try as long as the job is ours.
Task<void> Running::keep_piece(int piece, std::string body) {
    const Bytes sealed = vault::seal(key(), piece_place(id(), piece), body);
    while (state_->ours()) {
        postgres::Work work;
        work.add(add_piece, id(), state_->claim.fence, piece, sealed);
        try {
            if (co_await state_->pool.commit(std::move(work), state_->lease)) co_return;
            state_->end(Stop::lost);
            no_longer_ours();
        } catch (const Unavailable& e) {
            log(Level::warn, "jobs", "a piece could not be kept yet", {{"job", id().value.text()}, {"error", e.what()}});
        }
        co_await pause(500ms);
    }
    no_longer_ours();
}

}  // namespace persona::jobs

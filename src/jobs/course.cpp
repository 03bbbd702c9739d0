#include "jobs/course.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "async/backoff.hpp"
#include "async/task_group.hpp"
#include "async/within.hpp"
#include "base/log.hpp"

namespace persona::jobs {
namespace {

constexpr postgres::Query end_job{"jobs.end", "SELECT job_end($1::uuid, $2::bigint, $3, $4, $5::boolean)"};
constexpr postgres::Query put_back{"jobs.again", "SELECT job_again($1::uuid, $2::bigint, $3::double precision, $4, $5::boolean)"};

constexpr std::string_view not_ours = "PS020", was_cancelled = "PS021";

class Course {
public:
    Course(std::shared_ptr<Running::State> run, const Handler& handler, const WorkerConfig& config, bool readable)
        : run_(std::move(run)), handler_(handler), config_(config), running_(run_), readable_(readable) {}

    Task<void> follow() {
        if (const auto why = hopeless()) co_return co_await give_up(*why, std::string(reasons[static_cast<std::size_t>(*why)]));
        const Ending ending = co_await attempt();
        if (run_->stop == Stop::lost) co_return tell("the lease of a job was lost, its result is dropped", "");
        co_await std::visit([this](const auto& kind) { return settle(kind); }, ending);
    }

private:
    static constexpr std::string_view reasons[] = {"cancelled", "every try failed", "its result was refused", "its arguments do not open"};
    enum class Settled { yes, lost, refused, cancelled };

    // Why it is not even run.
    std::optional<Failure> hopeless() const {
        if (!readable_) return Failure::unreadable;
        if (run_->claim.cancel) return Failure::cancelled;
        if (run_->claim.attempts > config_.max_attempts) return Failure::exhausted;
        return std::nullopt;
    }

    // The handler in a coroutine of its own, so that stopping it does not stop us.
    Task<Ending> attempt() {
        run_->handling = true;
        std::string reason;
        try {
            Ending ending = co_await asio::co_spawn(co_await asio::this_coro::executor, unless_stopped(),
                                                    asio::bind_cancellation_slot(run_->cancellation.slot(), asio::use_awaitable));
            run_->handling = false;
            co_return ending;
        } catch (const std::exception& e) { reason = e.what(); }
        run_->handling = false;
        co_return Again{backoff(config_, run_->claim.attempts), reason};
    }

    // A stop between the claim and the first wait would find no coroutine to cancel.
    Task<Ending> unless_stopped() {
        if (run_->stop != Stop::none) throw boost::system::system_error(asio::error::operation_aborted);
        co_return co_await handler_.run(running_);
    }

    // A result that the handler gives although it knows of a cancel is what the cancel asked for. One that was ready before we
    // heard of a cancel is not: the row knows, and the cancel wins.
    Task<void> settle(const Done& done) {
        switch (co_await end(done, "done", "")) {
            case Settled::yes:
            case Settled::lost: co_return;
            case Settled::refused: co_return co_await give_up(Failure::refused, std::string(reasons[2]));
            case Settled::cancelled: co_return co_await give_up(Failure::cancelled, "");
        }
    }
    Task<void> settle(const Cancelled& cancelled) { co_await end(cancelled, "cancelled", ""); }
    Task<void> settle(const Dead& dead) { co_await end(dead, "dead", dead.reason); }
    Task<void> settle(const Snooze& snooze) {
        if (run_->stop == Stop::cancel) co_return co_await give_up(Failure::cancelled, "");
        co_await again(run_->stop == Stop::drain ? Millis(0) : snooze.delay, "", true);
    }
    Task<void> settle(const Again& failed) {
        if (run_->stop == Stop::cancel) co_return co_await give_up(Failure::cancelled, "");
        if (run_->stop == Stop::drain) co_return co_await again(Millis(0), "the worker was stopped", true);
        tell("a try of a job failed", failed.reason);
        if (run_->claim.attempts >= config_.max_attempts) co_return co_await give_up(Failure::exhausted, failed.reason);
        co_await again(failed.delay, failed.reason, false);
    }

    Task<void> give_up(Failure why, std::string reason) {
        std::string trouble = "the Work of giving up was refused";
        try {
            const Final last = co_await handler_.give_up(running_, why);
            if (co_await end(last, why == Failure::cancelled ? "cancelled" : "dead", reason) != Settled::refused) co_return;
        } catch (const std::exception& e) { trouble = e.what(); }
        log(Level::error, "jobs", "a job could not be given up",
            {{"job", run_->claim.id.value.text()}, {"kind", run_->claim.kind}, {"error", trouble}});
        co_await again(backoff(config_, run_->claim.attempts), reason + "; " + trouble, false);
    }

    // Whoever reads the results in `committed` finds them where it added them: our call comes last.
    Task<Settled> end(const Final& last, std::string_view state, std::string_view error) {
        postgres::Work work = last.work;
        work.add(end_job, run_->claim.id, run_->claim.fence, state, error, run_->stop == Stop::cancel);
        const Settled settled = co_await commit(std::move(work), last.committed);
        if (settled == Settled::yes)
            log(Level::info, "jobs", "a job ended",
                {{"job", run_->claim.id.value.text()}, {"kind", run_->claim.kind}, {"state", state}, {"attempts", run_->claim.attempts}});
        co_return settled;
    }

    Task<void> again(Millis delay, std::string_view reason, bool snooze) {
        postgres::Work work;
        work.add(put_back, run_->claim.id, run_->claim.fence, seconds(delay), reason, snooze);
        co_await commit(std::move(work), {});
    }

    // Tries as long as the job is ours: an unknown outcome is asked again, the fence makes the second try harmless.
    Task<Settled> commit(postgres::Work work, std::function<void(const postgres::Committed&)> committed) {
        while (run_->ours()) {
            std::string trouble;
            try {
                const auto result = co_await run_->pool.commit(work, run_->lease.within(10s));
                if (result) {
                    if (committed) committed(*result);
                    co_return Settled::yes;
                }
                if (result.error().code == not_ours) break;
                if (result.error().code == was_cancelled) co_return Settled::cancelled;
                tell("the ending of a job was refused", result.error().detail);
                co_return Settled::refused;
            } catch (const Unavailable& e) { trouble = e.what(); } catch (const std::exception& e) {
                tell("the ending of a job failed", e.what());
                co_return Settled::refused;
            }
            tell("the ending of a job could not be committed yet", trouble);
            co_await pause(500ms);
        }
        tell("the ending of a job came too late and is dropped", "");
        co_return Settled::lost;
    }

    void tell(std::string_view event, std::string_view reason) const {
        log(Level::warn, "jobs", event,
            {{"job", run_->claim.id.value.text()}, {"kind", run_->claim.kind}, {"attempt", run_->claim.attempts}, {"reason", reason}});
    }

    std::shared_ptr<Running::State> run_;
    const Handler& handler_;
    const WorkerConfig& config_;
    Running running_;
    bool readable_;
};

}  // namespace

Millis backoff(const WorkerConfig& config, int attempt) {
    Backoff steps(config.first_backoff, config.most_backoff);
    for (int i = 1; i < attempt; ++i) steps.next();
    return steps.next();
}

Task<void> follow(std::shared_ptr<Running::State> run, Handler handler, WorkerConfig config, bool readable) {
    TaskGroup beats(co_await asio::this_coro::executor, "jobs");
    beats.spawn("heartbeat", keep_lease(run, config.lease, config.heartbeat));
    Course course(run, handler, config, readable);
    try {
        co_await course.follow();
    } catch (const std::exception& e) {
        log(Level::error, "jobs", "the course of a job failed", {{"job", run->claim.id.value.text()}, {"error", e.what()}});
    }
    beats.cancel();
    co_await beats.join(Deadline::never());
}

}  // namespace persona::jobs

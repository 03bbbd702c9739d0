#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "telegram/intake_state.hpp"

namespace persona::telegram {
namespace {

constexpr auto look_every = 1s;  // what other processes parked
constexpr auto sweep_every = 1min;

// Runs `body` beside the lease and gives the lease back when the caller is cancelled.
template <class F>
Task<void> under(postgres::Lease& lease, F body) {
    TaskGroup keeping(co_await asio::this_coro::executor, "telegram");
    keeping.spawn("lease", lease.keep());
    std::exception_ptr end;
    try {
        co_await body();
    } catch (...) { end = std::current_exception(); }
    co_await asio::this_coro::reset_cancellation_state();
    keeping.cancel();
    co_await keeping.join(Deadline::never());
    if (end) std::rethrow_exception(end);
}

}  // namespace

// The first of each lane enters it; the others follow as soon as it has settled.
Task<void> Intake::State::look_for_parked() {
    for (auto& [update, lane, tries] : co_await store.due()) {
        if (draining) co_return;
        Delivery delivery{.bot = api.bot(), .update = update.id, .parked = true, .attempt = config.quick_tries + tries + 1, .lane = lane};
        delivery.last = tries >= config.parked_tries;
        delivery.callback_answered = true;  // by park()
        enter(std::move(update), delivery, lane)->parked_tries = tries;
    }
}

Task<void> Intake::retry_parked() {
    State& s = *state_;
    postgres::Lease lease(s.executor, s.pool, "park:" + std::to_string(s.api.bot().value), s.config.lease);
    auto loop = [&]() -> Task<void> {
        auto sweep_at = Deadline::Steady::now();
        for (;;) {
            const auto next = Deadline::after(lease.held() ? Deadline::Steady::duration(look_every) : s.config.lease / 10);
            try {
                if (lease.held()) co_await s.look_for_parked();
                if (lease.held() && Deadline::Steady::now() >= sweep_at) {
                    co_await s.store.sweep();
                    sweep_at = Deadline::Steady::now() + sweep_every;
                }
            } catch (const Error& e) { log(Level::warn, "telegram", "parked updates wait for the database", {{"error", e.what()}}); }
            (void)co_await s.parked.wait(next);
        }
    };
    co_await under(lease, loop);
}

Task<void> Intake::poll() {
    State& s = *state_;
    postgres::Lease lease(s.executor, s.pool, "poll:" + std::to_string(s.api.bot().value), s.config.lease);
    auto loop = [&]() -> Task<void> { co_await poll_updates(*this, s.api, lease, s.config.poll_wait); };
    co_await under(lease, loop);
}

}  // namespace persona::telegram


#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "telegram/intake_state.hpp"

namespace persona::telegram {
namespace {

constexpr auto answer_time = 10s;  // M8
constexpr int most_doublings = 16;

}  // namespace

// Must have settled the entry when it returns; throws only when cancelled.
Task<void> Intake::State::apply(EntryPtr entry) {
    if (entry->delivery.parked)
        co_await apply_parked(entry);
    else
        co_await apply_fresh(entry);
}

// True when the handler was done. It has ended in any case: a handler that took too long was cancelled and awaited, and what
// it may have committed in its last moment is found by update_take.
Task<bool> Intake::State::tried(EntryPtr entry, Deadline limit, std::string& error) {
    std::exception_ptr fault;
    try {
        co_await within(limit, "the update took too long", handler(entry->update, entry->delivery));
        co_return true;
    } catch (const std::exception& e) {
        error = redact(e.what());
        fault = std::current_exception();
    }
    // Our own cancellation looks like one inside the handler; only our state tells.
    if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none) std::rethrow_exception(fault);
    co_return false;
}

Task<void> Intake::State::apply_fresh(EntryPtr entry) {
    std::string error = "an earlier update is parked";
    if (!co_await behind_parked(*entry)) {
        const auto limit = Deadline::after(config.park_after);
        Backoff backoff(20ms, 200ms);
        for (int n = 1; n <= config.quick_tries && !limit.passed(); ++n) {
            entry->delivery.attempt = n;
            if (co_await tried(entry, limit, error)) co_return settle(*entry, Stage::done);
            if (n < config.quick_tries) co_await pause(std::min(backoff.next(), limit.left()));
        }
    }
    co_await park(entry, std::move(error));
}

// Asks only where this process has parked something lately; what other processes parked is refused by update_take.
Task<bool> Intake::State::behind_parked(const Entry& entry) {
    if (!perhaps_parked.contains(entry.lane)) co_return false;
    try {
        if (co_await store.behind_parked(entry.lane, entry.update.id)) co_return true;
        perhaps_parked.erase(entry.lane);
    } catch (const Error&) {  // the handler will meet the same database
    }
    co_return false;
}

Task<void> Intake::State::park(EntryPtr entry, std::string error) {
    answer_empty(*entry);
    std::string fault;
    try {
        const bool kept = co_await store.park(entry->update, entry->lane, error);
        if (kept)
            log(Level::warn, "telegram", "update parked", {{"update", entry->update.id.value}, {"tries", entry->delivery.attempt}, {"error", error}});
        perhaps_parked.insert(entry->lane);
        parked.notify();
    } catch (const std::exception& e) {
        fault = e.what();
        if (is_cancelled(e)) settle(*entry, Stage::failed, fault);
        if (is_cancelled(e)) throw;
        log(Level::warn, "telegram", "update not acknowledged", {{"update", entry->update.id.value}, {"error", error}, {"parking", fault}});
    }
    settle(*entry, fault.empty() ? Stage::done : Stage::failed, fault);
}

Task<void> Intake::State::apply_parked(EntryPtr entry) {
    std::string error;
    const bool done = co_await tried(entry, Deadline::after(config.parked_time), error);
    try {
        if (done)
            co_await store.forget(entry->update.id);
        else
            co_await after_failure(*entry, error);
    } catch (const Error& e) {  // the row is still there and comes again
        log(Level::warn, "telegram", "a parked update could not be marked", {{"update", entry->update.id.value}, {"error", e.what()}});
    }
    settle(*entry, Stage::done);
    parked.notify();
}

Task<void> Intake::State::after_failure(const Entry& entry, std::string error) {
    if (entry.delivery.last) {
        log(Level::error, "telegram", "a parked update is dead",
            {{"update", entry.update.id.value}, {"tries", entry.delivery.attempt}, {"error", error}});
        co_await store.dead(entry.update.id, std::move(error));
        co_return;
    }
    log(Level::warn, "telegram", "a parked update failed", {{"update", entry.update.id.value}, {"tries", entry.delivery.attempt}, {"error", error}});
    co_await store.failed(entry.update.id, config.parked_backoff * (1 << std::min(entry.parked_tries, most_doublings)), std::move(error));
}

void Intake::State::answer_empty(Entry& entry) {
    const auto* callback = std::get_if<Callback>(&entry.update.what);
    if (!callback || entry.delivery.callback_answered) return;
    entry.delivery.callback_answered = true;
    answered.insert(callback->id);
    group.spawn("callback", say(answer_callback(callback->id)));
}

Task<void> Intake::State::say(Call call) {
    const std::string method = call.method;
    const auto answer = co_await api.call(std::move(call), Deadline::after(answer_time));
    if (!answer)
        log(Level::info, "telegram", "instant call failed",
            {{"method", method}, {"code", answer.error().code}, {"description", answer.error().description}});
}

Task<void> Intake::State::pre_checkout(PreCheckout query, std::shared_ptr<Signal> done) {
    Call call{"answerPreCheckoutQuery", {{"pre_checkout_query_id", query.id}, {"ok", false}, {"error_message", config.pre_checkout_sorry}}, {}};
    try {
        call = co_await within(Deadline::after(config.pre_checkout_time), "the payment was not checked in time", check(query));
    } catch (const std::exception& e) {
        if (is_cancelled(e)) throw;
        log(Level::error, "telegram", "a pre-checkout query was refused in doubt", {{"error", redact(e.what())}});
    }
    co_await say(std::move(call));
    done->notify();
}

}  // namespace persona::telegram

#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "telegram/intake_state.hpp"

namespace persona::telegram {
namespace {

constexpr auto slack = 10s;  // for the way to the server and back
constexpr auto call_time = 10s;

class Poller {
public:
    Poller(Intake& intake, Api& api, postgres::Lease& lease, std::chrono::seconds wait) : intake_(intake), api_(api), lease_(lease), wait_(wait) {}

    Task<void> run() {
        for (;;) {
            if (!lease_.held()) {
                cleared_ = false;
                (void)co_await lease_.changed().wait(Deadline::after(1s));
            } else if (co_await step()) {
                backoff_.reset();
            } else {
                co_await pause(std::max(backoff_.next(), wait_as_told_));
            }
        }
    }

private:
    // False where it is better to wait before the next one.
    Task<bool> step() {
        wait_as_told_ = 0ms;
        if (!cleared_ && !co_await clear_webhook()) co_return false;
        auto updates = co_await api_.updates(offset_, wait_, Deadline::after(wait_ + slack));
        if (!updates) co_return refused(updates.error(), "getUpdates");
        silent_ = false;
        if (!lease_.held()) co_return true;  // not confirmed: whoever polls now gets them again
        co_return co_await take(std::move(*updates));
    }

    // While a webhook is set getUpdates is refused. What waits at Telegram is ours: it is never dropped.
    Task<bool> clear_webhook() {
        const auto answer = co_await api_.call({"deleteWebhook", {{"drop_pending_updates", false}}, {}}, Deadline::after(call_time));
        if (!answer) co_return refused(answer.error(), "deleteWebhook");
        co_return cleared_ = true;
    }

    bool refused(const ApiError& error, std::string_view method) {
        if (error.code == 409) cleared_ = false;  // another poller, or a webhook that somebody has set
        wait_as_told_ = error.retry_after;
        if (!silent_ || error.code == 409)
            log(Level::warn, "telegram", "polling waits", {{"method", method}, {"code", error.code}, {"description", error.description}});
        silent_ = true;
        return false;
    }

    // All at once; the next call confirms what lies below the first that was not taken.
    Task<bool> take(std::vector<Update> updates) {
        std::optional<UpdateId> lowest_failed;
        std::int64_t next = offset_;
        TaskGroup batch(co_await asio::this_coro::executor, "telegram");
        for (Update& update : updates) {
            next = std::max(next, update.id.value + 1);
            batch.spawn("update", accept(std::move(update), lowest_failed));
        }
        std::exception_ptr cancelled;
        try {
            co_await batch.join(Deadline::never());
        } catch (...) { cancelled = std::current_exception(); }
        if (cancelled) {
            co_await asio::this_coro::reset_cancellation_state();
            batch.cancel();
            co_await batch.join(Deadline::never());
            std::rethrow_exception(cancelled);
        }
        offset_ = lowest_failed ? std::max(offset_, lowest_failed->value) : next;
        co_return !lowest_failed;
    }

    Task<void> accept(Update update, std::optional<UpdateId>& lowest_failed) {
        const UpdateId id = update.id;
        try {
            co_await intake_.accept(std::move(update));
        } catch (const Error&) {  // logged where it happened
            lowest_failed = std::min(lowest_failed.value_or(id), id);
        }
    }

    Intake& intake_;
    Api& api_;
    postgres::Lease& lease_;
    std::chrono::seconds wait_;
    Backoff backoff_{250ms, 30s};
    Millis wait_as_told_{0};
    std::int64_t offset_ = 0;  // 0: where Telegram stands
    bool cleared_ = false;
    bool silent_ = false;  // the trouble was logged
};

}  // namespace

Task<void> poll_updates(Intake& intake, Api& api, postgres::Lease& lease, std::chrono::seconds wait) {
    Poller poller(intake, api, lease, wait);
    co_await poller.run();
}

}  // namespace persona::telegram

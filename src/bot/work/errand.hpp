// Work at a provider of portraits, followed by a job until it has ended: the row is stored before the call, the end is told by a webhook or
// found by asking, and this job alone completes it. Whatever was told late is only counted.
#pragma once

#include "ai/portrait.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "bot/ids.hpp"
#include "bot/offers.hpp"
#include "bot/work/workshop.hpp"
#include "studio/portraits/requests.hpp"
#include "studio/wallet/wallet.hpp"

namespace persona::bot {

// What came of one look. later: not yet, ask again. failed: never.
template <class T>
struct Errand {
    struct Failed {
        std::string reason;  // class: "refused", "photos", "late"
    };
    struct Later {
        jobs::Ending ending;
        std::optional<ai::Waiting> waiting = {};  // what the provider says of it
        Millis taken{0};                          // since it was ordered; with waiting
    };
    using Outcome = std::variant<T, Later, Failed>;

    // The calls of the engine for this kind of work.
    struct Calls {
        std::function<Task<ai::PortraitResult<std::variant<ai::Pending, T>>>(Deadline)> begin;
        std::function<Task<ai::PortraitResult<std::variant<ai::Waiting, T>>>(std::string, Deadline)> look;
        std::function<Task<ai::PortraitResult<T>>(std::string, Deadline)> read;
        std::function<Task<void>(std::string, Deadline)> cancel;
    };

    Workshop& shop;
    jobs::Running& job;
    portraits::Purpose purpose;
    Millis limit;
    Calls calls;

    Task<Outcome> pursue() {
        auto request = co_await portraits::find(shop.pool, shop.vault, job.id().value, soon());
        if (!request) co_return co_await begin();
        if (request->told) co_return co_await read(*request);
        // An engine of this machine is asked again: nobody outside has seen the first order.
        if (!request->submitted && shop.atelier->portraits.repeatable()) co_return co_await order();
        if (wall_now() >= request->deadline) co_return co_await too_late(*request);
        if (!request->submitted) co_return Later{jobs::Snooze{30s}};  // its answer was lost; its webhook may still name it
        co_return co_await settle(co_await calls.look(request->id, work_time()), *request);
    }

    // What the person sees of it, where that is news: a poll every few seconds is none. A lost edit is only a lost edit.
    Task<void> tell(const Client& client, std::string words) {
        auto kept = co_await job.pieces();
        if (kept[0] == words) co_return;
        co_await job.keep_piece(0, words);
        Desk desk(shop.outbox, client.recipient);
        desk.apply({Redraw{
            .text = std::move(words), .keyboard = stop_keyboard(job.id().value, client.context.language), .handle = live_message(job.id().value)}});
        if (const auto done = co_await shop.pool.commit(desk.take_work(), soon())) desk.committed(*done);
    }

    // Best effort: the provider may have ended it already.
    Task<void> cancel() {
        const auto request = co_await portraits::find(shop.pool, shop.vault, job.id().value, soon());
        if (!request || request->id.empty()) co_return;
        co_await calls.cancel(request->id, Deadline::after(5s));
    }

private:
    static Deadline soon() { return Deadline::after(10s); }
    static Deadline work_time() { return Deadline::after(std::chrono::minutes(10)); }

    Task<Outcome> begin() {
        const std::string provider(shop.atelier->portraits.name());
        co_await portraits::submitting(shop.pool, job.id().value, job.user(), provider, purpose, wall_now() + limit, soon());
        co_return co_await order();
    }

    Task<Outcome> order() {
        auto begun = co_await calls.begin(work_time());
        if (!begun) {
            // Surely not taken: the next try makes the row anew. Where nobody knows, the row stays and the webhook may tell.
            if (begun.error().reason == ai::PortraitError::Reason::unreachable) co_await portraits::not_submitted(shop.pool, job.id().value, soon());
            co_return co_await failed(begun.error(), true);
        }
        if (auto* done = std::get_if<T>(&*begun)) co_return std::move(*done);
        const std::string id = std::get<ai::Pending>(*begun).request;
        co_await portraits::submitted(shop.pool, job.id().value, id, soon());
        co_return Later{jobs::Snooze{shop.atelier->look_again}, ai::Waiting{}, Millis(0)};
    }

    // What was told may name files that nobody can fetch: the deadline bounds that too.
    Task<Outcome> read(portraits::Request request) {
        auto outcome = co_await settle(co_await calls.read(*request.told, work_time()), request);
        if (std::holds_alternative<Later>(outcome) && wall_now() >= request.deadline) co_return co_await too_late(std::move(request));
        co_return outcome;
    }

    Task<Outcome> settle(ai::PortraitResult<std::variant<ai::Waiting, T>> looked, portraits::Request request) {
        if (!looked) co_return co_await failed(looked.error(), false);
        if (auto* done = std::get_if<T>(&*looked)) co_return std::move(*done);
        const auto taken = std::chrono::duration_cast<Millis>(wall_now() - (request.deadline - limit));
        co_return Later{jobs::Snooze{pace(taken)}, std::get<ai::Waiting>(*looked), taken};
    }
    Task<Outcome> settle(ai::PortraitResult<T> read, portraits::Request) {
        if (!read) co_return co_await failed(read.error(), false);
        co_return std::move(*read);
    }

    // Ever less often: a tenth of the time that it has taken, half a minute at most.
    Millis pace(Millis taken) const { return std::clamp(taken / 10, shop.atelier->look_again, std::max<Millis>(shop.atelier->look_again, 30s)); }

    Task<Outcome> failed(ai::PortraitError error, bool beginning) {
        using Reason = ai::PortraitError::Reason;
        log(Level::warn, "bot", "a provider of portraits did not do its work",
            {{"provider", shop.atelier->portraits.name()}, {"job", job.id().value.text()}, {"error", error.detail}});
        switch (error.reason) {
            case Reason::unreachable:
                if (beginning) co_return Later{jobs::Again{5s, error.detail}};
                co_return Later{jobs::Snooze{std::max<Millis>(shop.atelier->look_again, 5s)}};  // the work goes on there; the deadline bounds it
            case Reason::uncertain: co_return Later{jobs::Snooze{shop.atelier->look_again}};
            case Reason::unknown_status:
                co_await portraits::count_unknown_status(shop.pool, soon());
                co_return Later{jobs::Snooze{std::max<Millis>(shop.atelier->look_again, 10s)}};
            case Reason::photos: co_return Failed{"photos"};
            case Reason::refused:
            case Reason::quota: break;
        }
        co_return Failed{"refused"};
    }

    Task<Outcome> too_late(portraits::Request request) {
        if (!request.id.empty()) co_await calls.cancel(request.id, Deadline::after(5s));
        co_return Failed{"late"};
    }
};

// The end of an errand whose person or order cannot be read: nobody is told.
inline jobs::Final ended_unheard(const jobs::Running& job) {
    postgres::Work work;
    if (job.operation()) wallet::void_hold(work, *job.operation(), "failed");
    portraits::ended(work, job.id().value);
    return jobs::Final(std::move(work));
}

}  // namespace persona::bot

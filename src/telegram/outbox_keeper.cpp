#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/log.hpp"
#include "telegram/outbox_state.hpp"

namespace persona::telegram {
namespace {

constexpr auto sweep_every = 1min;

}  // namespace

Task<void> Outbox::State::keep() {
    Backoff backoff(100ms, 5s);
    for (;;) {
        bool failed = false;
        try {
            co_await gather();
            co_await look();
            backoff.reset();
        } catch (const Error& e) {
            log(Level::warn, "telegram", "the outbox waits for the database", {{"error", e.what()}});
            behind = failed = true;  // what was claimed without our hearing of it is found by reading all
        }
        if (failed)
            co_await pause(backoff.next());
        else if (!chores_wait())
            (void)co_await chores.wait(Deadline::after(config.lease / 3).within(config.look_again));
    }
}

// Each mark alone would cost a transaction. A crash meanwhile says these messages once more, as it does those under way.
Task<void> Outbox::State::gather() {
    if (marks.empty()) co_return;
    const auto until = Deadline::after(config.gather);
    while (!rung && ahead == 0 && co_await hurry.wait(until)) {}
}

bool Outbox::State::chores_wait() const {
    if (!marks.empty() || !pauses.empty()) return true;
    return lease.held() && (loaded != lease.fence() || rung || (behind && queue.size() < config.most_queued / 2));
}

Task<void> Outbox::State::look() {
    co_await write();
    const bool holds = lease.held();
    if (holds && loaded != lease.fence()) co_await take_over();
    if (holds && !was_held) behind = true;  // rows may have been stored as ours while we did not take them
    was_held = holds;
    if (!holds || loaded != lease.fence()) co_return;
    if (behind && queue.size() < config.most_queued / 2) co_await reload();
    if (rung && !behind) co_await claim();
    const auto now = Deadline::Steady::now();
    if (now >= look_at) {
        look_at = now + config.look_again;
        co_await find_lost();
        co_await claim();
    }
    if (now >= sweep_at) co_await sweep();
}

// Another process has sent in the meantime: what memory holds may have been said.
Task<void> Outbox::State::take_over() {
    if (!co_await sends.join(Deadline::after(1s))) co_return;
    co_await write();
    queue.clear();
    handed_over.clear();
    handles.clear();
    handle_order.clear();
    for (const auto& [chat, until] : co_await store.pauses()) {
        if (chat == ChatId(0))
            queue.pause_all(until);
        else
            queue.pause_chat(chat, until);
    }
    loaded = lease.fence();
    behind = true;
    log(Level::info, "telegram", "this process sends", {{"fence", loaded}});
}

Task<void> Outbox::State::write() {
    if (marks.empty() && pauses.empty()) co_return;
    Marks batch = std::exchange(marks, {});
    Pauses until = std::exchange(pauses, {});
    ++writes_begun;
    std::exception_ptr error;
    try {
        co_await store.write(batch, until);
    } catch (...) { error = std::current_exception(); }
    if (error) {
        marks.merge(batch);  // what was marked since is newer and stays
        pauses.merge(until);
        std::rethrow_exception(error);
    }
    writes_ended = writes_begun;
    written.notify();
}

void Outbox::State::admit(Queued item) {
    if (knows(item.id)) return;
    if (queue.size() >= config.most_queued) {
        behind = true;
        return;
    }
    const ChatId chat = item.chat;
    if (item.stream == Stream::notice && item.unsure > 0)
        mark(item.id, {.state = "uncertain", .chat = chat, .unsure = item.unsure});
    else
        for (const OutboxId id : queue.push(std::move(item), wall_now())) mark(id, {.state = "replaced", .chat = chat});
}

void Outbox::State::admit(OutboxPage page) {
    for (Queued& item : page.rows) admit(std::move(item));
    for (const OutboxId id : page.unreadable) mark(id, {.state = "dead", .error = "the body does not open"});
    turn.notify();
}

Task<void> Outbox::State::claim() {
    rung = false;
    for (bool more = true; more && !behind;) {
        auto page = co_await store.claim(loaded);
        if (behind) break;  // lower ids were left in the table meanwhile: these come with them
        more = page.full;
        admit(std::move(page));
    }
}

Task<void> Outbox::State::reload() {
    rung = false;
    for (OutboxId after{}; queue.size() < config.most_queued;) {
        auto page = co_await store.page(loaded, after);
        after = page.last;
        const bool more = page.full;
        behind = more;
        admit(std::move(page));
        if (!more) break;
    }
    auto waiting = std::exchange(handed_over, {});
    if (!behind)  // else their turn comes after what is still in the table, and they are there too
        for (Queued& item : waiting) admit(std::move(item));
    behind |= std::exchange(missed, false);
    turn.notify();
}

// A commit whose answer was lost has stored rows as ours that nobody handed over.
Task<void> Outbox::State::find_lost() {
    for (const OutboxId id : co_await store.claimed(loaded))
        if (!knows(id) && !behind) {
            behind = true;
            log(Level::info, "telegram", "a stored message was not handed over", {{"outbox", id.value}});
        }
}

Task<void> Outbox::State::sweep() {
    const bool more = co_await store.sweep();
    sweep_at = Deadline::Steady::now() + (more ? Deadline::Steady::duration(1s) : sweep_every);
}

}  // namespace persona::telegram

#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"
#include "telegram/outbox_state.hpp"

namespace persona::telegram {
namespace {

constexpr auto call_time = 30s;
constexpr auto upload_time = 5min;
constexpr auto instant_time = 10s;  // a callback is answered within it or not at all (M8)
constexpr auto tick = 1s;           // the wall clock may be set, a lease may run out: nobody rings then
constexpr std::size_t most_handles = 20'000;

Deadline time_for(const Call& call) { return Deadline::after(call.file ? Deadline::Steady::duration(upload_time) : call_time); }

}  // namespace

Task<void> Outbox::State::dispatch() {
    for (;;) {
        const Time now = wall_now();
        while (may_send() && sends.size() < static_cast<std::size_t>(config.parallel)) {
            auto item = queue.next(now);
            if (!item) break;
            std::string method = item->call.method;
            sends.spawn(std::move(method), deliver(std::move(*item)));
        }
        const Time wake = may_send() && sends.size() < static_cast<std::size_t>(config.parallel) ? queue.wake_at(now) : Time::max();
        const auto wait = wake == Time::max() ? Micros(tick) : std::min(std::max(wake - now, Micros(0)), Micros(tick));
        (void)co_await turn.wait(Deadline::after(wait));
    }
}

Task<void> Outbox::State::deliver(Queued item) {
    Verdict verdict{.act = Verdict::Act::again, .wait = config.retry.first, .attempts = item.attempts + 1, .unsure = item.unsure};
    std::string said;
    try {
        if (item.stream == Stream::notice) co_await write_ahead(item);
        verdict = co_await speak(item, said);
    } catch (const std::exception& e) {  // the table could not be asked, or the fault is ours: the message is not to blame
        if (is_cancelled(e)) throw;
        said = redact(e.what());
    }
    conclude(std::move(item), verdict, std::move(said));
    turn.notify();
}

// A broadcast is not repeated after a crash: the table must know that it is about to be said.
Task<void> Outbox::State::write_ahead(const Queued& item) {
    mark(item.id, {.state = "ready", .chat = item.chat, .attempts = item.attempts, .unsure = item.unsure + 1, .not_before = item.not_before});
    struct Ahead {
        int& count;
        explicit Ahead(int& c) : count(c) { ++count; }
        ~Ahead() { --count; }
    } waits(ahead);
    hurry.notify();
    for (const auto next = writes_begun + 1; writes_ended < next;) (void)co_await written.wait(Deadline::never());
}

Task<Verdict> Outbox::State::speak(Queued& item, std::string& said) {
    for (bool first = true;; first = false) {
        if (!co_await prepare(item)) co_return Verdict{};
        const auto answer = co_await send(item.call, time_for(item.call));
        const Verdict verdict = judge(item, answer, config.retry, wall_now());
        if (!answer) said = answer.error().description;
        const bool in_words = verdict.act == Verdict::Act::in_words;
        if ((verdict.act != Verdict::Act::anew && !in_words) || !first) co_return verdict;
        handles.erase({item.chat, item.handle});
        item.edit = false;  // from here on it is a message of its own: an edit that failed may be repeated, this may not
        item.call = *(in_words ? as_words(std::move(item.call)) : as_new_message(std::move(item.call)));
    }
}

// False where there is nothing to be said: the edit of a message that never was, with nothing to say instead.
Task<bool> Outbox::State::prepare(Queued& item) {
    item.call.params["chat_id"] = item.chat.value;
    if (!item.edit) co_return true;
    if (const auto message = co_await message_of(item)) {
        item.call.params["message_id"] = message->value;
        co_return true;
    }
    auto anew = as_new_message(item.call);
    if (!anew) co_return false;
    item.call = std::move(*anew);
    item.edit = false;
    co_return true;
}

Task<std::optional<MessageId>> Outbox::State::message_of(const Queued& item) {
    const auto at = handles.find({item.chat, item.handle});
    if (at != handles.end()) co_return at->second;
    co_return co_await store.message_of(item.chat, item.handle);
}

void Outbox::State::mark(OutboxId id, Mark what) {
    if (what.state != "ready") finished.insert(id);
    marks.insert_or_assign(id, std::move(what));
    chores.notify();
}

void Outbox::State::conclude(Queued item, const Verdict& verdict, std::string said) {
    using Act = Verdict::Act;
    if (verdict.act == Act::again || verdict.act == Act::throttled) return say_again(std::move(item), verdict, std::move(said));
    static constexpr std::pair<Act, std::string_view> states[] = {
        {Act::sent, "sent"}, {Act::anew, "dead"}, {Act::in_words, "dead"}, {Act::dead, "dead"}, {Act::uncertain, "uncertain"}};
    const auto* state = std::ranges::find(states, verdict.act, &std::pair<Act, std::string_view>::first);
    if (verdict.act != Act::sent)
        log(verdict.blocked ? Level::info : Level::warn, "telegram", "message not sent",
            {{"outbox", item.id.value}, {"method", item.call.method}, {"state", state->second}, {"description", said}});
    if (verdict.message && !item.handle.empty()) {
        const auto name = std::pair(item.chat, item.handle);
        if (handles.insert_or_assign(name, *verdict.message).second) handle_order.push_back(name);
        if (handle_order.size() > most_handles) {
            handles.erase(handle_order.front());
            handle_order.pop_front();
        }
    }
    mark(item.id, {state->second, item.chat, item.handle, verdict.message, verdict.attempts, verdict.unsure, item.not_before, std::move(said)});
    queue.done(item.id, wall_now());
    if (verdict.blocked && owner.on_blocked) owner.on_blocked(item.chat);
}

void Outbox::State::say_again(Queued item, const Verdict& verdict, std::string said) {
    const Time now = wall_now(), until = now + verdict.wait;
    log(Level::info, "telegram", "message to be sent again",
        {{"outbox", item.id.value}, {"method", item.call.method}, {"tries", verdict.attempts + verdict.unsure}, {"description", said}});
    if (verdict.act == Verdict::Act::throttled) {
        pauses[item.chat] = until;
        const bool all = queue.throttled(item.chat, until, now);
        if (all) pauses[ChatId(0)] = until;
        log(Level::warn, "telegram", all ? "throttled by Telegram" : "chat throttled by Telegram",
            {{"chat", item.chat.value}, {"retry_after_s", verdict.wait.count() / 1000}});
    }
    item.attempts = verdict.attempts;
    item.unsure = verdict.unsure;
    item.not_before = until;
    mark(item.id, {"ready", item.chat, {}, {}, item.attempts, item.unsure, until, std::move(said)});
    for (const OutboxId id : queue.again(std::move(item), now)) mark(id, {.state = "replaced"});
}

Task<void> Outbox::State::instant(Call call) {
    const std::string method = call.method;
    const auto answer = co_await send(std::move(call), Deadline::after(instant_time));
    if (answer || answer.error().description.find("query is too old") != std::string::npos) co_return;
    log(Level::info, "telegram", "instant call failed",
        {{"method", method}, {"code", answer.error().code}, {"description", answer.error().description}});
}

}  // namespace persona::telegram

#include "telegram/outbox.hpp"

#include <algorithm>

#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"
#include "telegram/outbox_state.hpp"

namespace persona::telegram {
namespace {

constexpr std::size_t most_handle = 64;
constexpr std::size_t most_instants = 1000;

bool good_handle(std::string_view handle) {
    return handle.size() <= most_handle && handle.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789:-") == handle.npos;
}

OutboxRates rates_of(const OutboxConfig& c) {
    return {.per_chat = c.per_chat_rate, .burst = c.per_chat_burst, .group = c.group_rate, .notices = c.notice_rate};
}

Queued queued_of(Outgoing message, OutboxId id) {
    const Time now = wall_now();
    return {.id = id,
            .chat = message.chat,
            .stream = message.stream,
            .call = std::move(message.call),
            .handle = std::move(message.handle),
            .edit = message.edit,
            .created = now,
            .not_before = now};
}

}  // namespace

Outbox::State::State(Outbox& owner_, Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot_, SendCall send_, OutboxConfig config_)
    : owner(owner_),
      config(config_),
      bot(bot_),
      send(std::move(send_)),
      store(pool, vault, bot_),
      queue(rates_of(config_)),
      lease(executor, pool, "send:" + std::to_string(bot_.value), config_.lease),
      sends(executor, "telegram"),
      instants(executor, "telegram"),
      turn(executor),
      chores(executor),
      written(executor),
      hurry(executor) {}

Outbox::Outbox(Executor executor, postgres::Pool& pool, vault::Vault& vault, Api& api, OutboxConfig config)
    : Outbox(executor, pool, vault, api.bot(), [&api](Call call, Deadline deadline) { return api.call(std::move(call), deadline); }, config) {}

Outbox::Outbox(Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot, SendCall send, OutboxConfig config)
    : state_(std::make_unique<State>(*this, executor, pool, vault, bot, std::move(send), config)) {}

Outbox::~Outbox() = default;

Outbox::Pending Outbox::add(postgres::Work& work, Outgoing message, UserId owner, const vault::Key& key) {
    PERSONA_ASSERT(good_handle(message.handle) && (!message.edit || !message.handle.empty()));
    State& s = *state_;
    const std::int64_t fence = s.may_send() ? s.loaded : 0;
    const auto slot = s.store.add(work, message.chat, message.stream, message.call, message.handle, message.edit, owner, key, fence);
    return {slot, std::move(message), owner, fence};
}

void Outbox::committed(std::vector<Pending> pending, const postgres::Committed& results) {
    State& s = *state_;
    bool foreign = false;
    for (Pending& row : pending) {
        const postgres::Row stored = results.at(row.slot)[0];
        const auto fence = stored.get<std::int64_t>(1);
        if (fence == 0 || fence != s.loaded || !s.may_send()) {
            foreign = true;
            continue;
        }
        Queued item = queued_of(std::move(row.message), stored.get<OutboxId>(0));
        if (!s.behind)
            s.admit(std::move(item));
        else if (s.handed_over.size() < s.config.most_queued)
            s.handed_over.push_back(std::move(item));
        else
            s.missed = true;
    }
    s.turn.notify();
    if (!foreign) return;
    ring();
    if (!s.may_send() && on_foreign_rows) on_foreign_rows();
}

void Outbox::ring() {
    state_->rung = true;
    state_->chores.notify();
    state_->hurry.notify();
}

void Outbox::now(Call call) {
    if (state_->instants.size() >= most_instants) return log(Level::warn, "telegram", "instant call dropped", {{"method", call.method}});
    std::string method = call.method;
    state_->instants.spawn(std::move(method), state_->instant(std::move(call)));
}

Task<bool> Outbox::drain(Deadline deadline) { return state_->instants.join(deadline); }

std::size_t Outbox::queued() const { return state_->queue.size() + state_->handed_over.size(); }

Task<void> Outbox::run() {
    State& s = *state_;
    const auto executor = co_await asio::this_coro::executor;
    TaskGroup keeping(executor, "telegram"), sending(executor, "telegram");
    keeping.spawn("sender lease", s.lease.keep());
    keeping.spawn("outbox keeper", s.keep());
    sending.spawn("outbox dispatcher", s.dispatch());
    try {
        Signal never(executor);
        co_await never.wait(Deadline::never());
    } catch (const std::exception& e) {
        if (!is_cancelled(e)) throw;
    }
    // Cancelled: nothing new is said, what is being said is waited for and marked, and only then is the lease given back.
    co_await asio::this_coro::reset_cancellation_state();
    s.stopping = true;
    sending.cancel();
    co_await sending.join(Deadline::never());
    const Deadline patience = Deadline::after(s.config.last_words);
    for (TaskGroup* group : {&s.sends, &s.instants}) {
        if (!co_await group->join(patience)) group->cancel();
        co_await group->join(Deadline::never());
    }
    while ((!s.marks.empty() || s.writes_begun != s.writes_ended) && s.lease.held() && co_await s.written.wait(patience)) {}
    keeping.cancel();
    co_await keeping.join(Deadline::never());
    throw boost::system::system_error(asio::error::operation_aborted);
}

}  // namespace persona::telegram

// The insides of the outbox: a dispatcher that gives calls to the queue's choice, and a keeper that alone talks to the tables,
// so that no row is read while its mark is being written.
#pragma once

#include <deque>

#include "postgres/lease.hpp"
#include "telegram/outbox.hpp"
#include "telegram/outbox_store.hpp"
#include "telegram/recent.hpp"

namespace persona::telegram {

struct Outbox::State {
    State(Outbox& owner, Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot, SendCall send, OutboxConfig config);

    Outbox& owner;
    OutboxConfig config;
    BotId bot;
    SendCall send;
    OutboxStore store;
    OutboxQueue queue;
    postgres::Lease lease;
    TaskGroup sends, instants;
    Signal turn;     // for the dispatcher
    Signal chores;   // for the keeper
    Signal written;  // marks are in the table
    Signal hurry;    // the keeper need not wait for more marks

    // Dispatcher (outbox_sender.cpp).
    Task<void> dispatch();
    bool may_send() const { return lease.held() && loaded == lease.fence() && !stopping; }
    Task<void> deliver(Queued item);
    Task<Verdict> speak(Queued& item, std::string& said);
    Task<bool> prepare(Queued& item);
    Task<void> write_ahead(const Queued& item);
    Task<std::optional<MessageId>> message_of(const Queued& item);
    void conclude(Queued item, const Verdict& verdict, std::string said);
    void say_again(Queued item, const Verdict& verdict, std::string said);
    void mark(OutboxId id, Mark what);
    Task<void> instant(Call call);

    // Keeper (outbox_keeper.cpp).
    Task<void> keep();
    Task<void> gather();
    Task<void> look();
    Task<void> take_over();
    Task<void> write();
    Task<void> claim();
    Task<void> reload();
    Task<void> find_lost();
    Task<void> sweep();
    void admit(OutboxPage page);
    void admit(Queued item);
    bool knows(OutboxId id) const { return queue.holds(id) || marks.contains(id) || finished.contains(id); }
    bool chores_wait() const;

    bool stopping = false;
    std::int64_t loaded = 0;  // the fence under which memory was filled
    bool was_held = false;
    int ahead = 0;                    // messages that wait for their mark before they are said
    bool rung = false;                // rows of others may be there
    bool behind = false;              // rows of ours may be there that memory does not have
    std::vector<Queued> handed_over;  // while behind: pushed after what has lower ids
    bool missed = false;              // more was handed over than is kept
    Marks marks;
    Pauses pauses;
    std::uint64_t writes_begun = 0, writes_ended = 0;
    Recent<OutboxId> finished{20'000};                            // a row that is handed over late was perhaps found and sent already
    std::map<std::pair<ChatId, std::string>, MessageId> handles;  // of messages sent lately
    std::deque<std::pair<ChatId, std::string>> handle_order;
    Deadline::Steady::time_point look_at{}, sweep_at{};
};

}  // namespace persona::telegram

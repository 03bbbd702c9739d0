// What the bot says, kept in PostgreSQL until it was said. One sender per bot holds a lease; per (chat, stream) the order of
// ids is kept; a chat that Telegram throttles is left alone until retry_after, also after a restart.
// Owned by main; one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "async/task_group.hpp"
#include "postgres/pool.hpp"
#include "telegram/api.hpp"
#include "telegram/outbox_queue.hpp"
#include "telegram/outbox_verdict.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

// A message to be stored. With a handle the message can be edited later by Edit of the same handle, also before it was sent.
struct Outgoing {
    ChatId chat;
    Stream stream = Stream::dialogue;
    Call call;           // chat_id is added when it is sent
    std::string handle;  // at most 64 of [a-z0-9:-]; empty: cannot be edited
    // Edits the message of the handle instead of sending a new one; when it is unknown or gone the text is sent anew.
    // Of several edits that wait only the newest is sent.
    bool edit = false;
};

struct OutboxConfig {
    double per_chat_rate = 1.0;  // messages a second after the burst (PERSONA_SEND_RATE)
    int per_chat_burst = 20;
    double group_rate = 20.0 / 60;
    double notice_rate = 25.0;
    int parallel = 64;                 // calls under way
    std::size_t most_queued = 20'000;  // rows in memory; the rest waits in the table
    RetryRule retry{};
    Millis lease{5000};       // after a kill another process sends after this time
    Millis look_again{5000};  // rows that nobody rang for are found within this time
    Millis gather{10};        // marks of what was said wait so long for others: one transaction for all of them
    Millis last_words{5000};  // run() waits so long for calls under way when it is cancelled
};

// One call of the Bot API; Api::call, or a test's own.
using SendCall = std::function<Task<ApiResult<boost::json::value>>(Call, Deadline)>;

class Outbox {
public:
    Outbox(Executor executor, postgres::Pool& pool, vault::Vault& vault, Api& api, OutboxConfig config);
    Outbox(Executor executor, postgres::Pool& pool, vault::Vault& vault, BotId bot, SendCall send, OutboxConfig config);
    ~Outbox();

    // Appends the insert to the Work, sealed with the owner's key (vault::Vault::system for no user). When this process has
    // the sender's lease the row is inserted as already claimed: call committed() with the Work's result.
    struct Pending {
        std::size_t slot;  // place in Committed
        Outgoing message;
        UserId owner;
        std::int64_t fence;
    };
    Pending add(postgres::Work& work, Outgoing message, UserId owner, const vault::Key& key);
    // After the commit: hands claimed rows to the sender without reading them back, and rings for the others.
    void committed(std::vector<Pending> pending, const postgres::Committed& results);

    // Sends at once, stores nothing, never retries: callback answers, chat actions, drafts. Bounded; drops with a log line.
    void now(Call call);

    // Runs until cancelled, once: takes the lease, sends what is stored, takes over what a dead sender left.
    Task<void> run();
    // Waits until no call of now() is under way; for a process that does not run(). False when the deadline passed first.
    Task<bool> drain(Deadline deadline);
    // Somebody committed rows elsewhere (the bell of another process).
    void ring();
    // Called when Telegram says that a person has blocked the bot (403).
    std::function<void(ChatId)> on_blocked;
    // Called for rings that other processes should hear.
    std::function<void()> on_foreign_rows;

    // Rows in memory that are still to be sent.
    std::size_t queued() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace persona::telegram

// The outbox's tables: outbox, message_handles, chat_pauses. Owned by the outbox, which calls it from one coroutine at a time.
#pragma once

#include <map>

#include "postgres/pool.hpp"
#include "telegram/outbox_queue.hpp"
#include "vault/vault.hpp"

namespace persona::telegram {

// What became of a row. `ready` remembers failures of a row that goes on waiting.
struct Mark {
    std::string_view state;  // "sent", "ready", "replaced", "dead", "uncertain"
    ChatId chat;
    std::string handle;  // gets the message's id
    std::optional<MessageId> message{};
    int attempts = 0, unsure = 0;
    Time not_before{};
    std::string error{};  // what Telegram said; holds no text of the message
};
using Marks = std::map<OutboxId, Mark>;
using Pauses = std::map<ChatId, Time>;  // chat 0: everything

struct OutboxPage {
    std::vector<Queued> rows;          // in the order of their ids
    std::vector<OutboxId> unreadable;  // their owner's key is destroyed, or they do not open
    OutboxId last{};
    bool full = false;  // there may be more
};

class OutboxStore {
public:
    OutboxStore(postgres::Pool& pool, vault::Vault& vault, BotId bot) : pool_(pool), vault_(vault), bot_(bot) {}

    // The body is sealed as Place("outbox.body", place) with a fresh UUID of its own in the row, since the row's id is not
    // known before the insert; a body moved to another row does not open there. The statement gives the id and the fence, which is 0 where
    // an earlier row of the (chat, stream) is not claimed yet.
    std::size_t add(postgres::Work& work, ChatId chat, Stream stream, const Call& call, const std::string& handle, bool edit, UserId owner,
                    const vault::Key& key, std::int64_t fence) const;

    static constexpr int page_size = 500;
    // Claims what others left or brought and gives it.
    Task<OutboxPage> claim(std::int64_t fence);
    // Claims likewise, and gives the next of all that is ours.
    Task<OutboxPage> page(std::int64_t fence, OutboxId after);
    // All that is ours and still to be said.
    Task<std::vector<OutboxId>> claimed(std::int64_t fence);
    // One transaction that does not wait for the disk: a lost mark repeats nothing but a mark, or a message that the crash
    // would have repeated anyway.
    Task<void> write(const Marks& marks, const Pauses& pauses);
    Task<Pauses> pauses();
    Task<std::optional<MessageId>> message_of(ChatId chat, std::string handle);
    // Empties bodies a day after they were said, forgets rows and handles after thirty; in bounded batches. True: there is more.
    Task<bool> sweep();

private:
    Task<OutboxPage> read(const postgres::Rows& rows);

    postgres::Pool& pool_;
    vault::Vault& vault_;
    BotId bot_;
};

// The call as it is sealed, and back; throws Corrupt.
std::string encode(const Call& call);
Call decode(std::string_view body);

}  // namespace persona::telegram

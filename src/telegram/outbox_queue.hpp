// Which message goes next: order within (chat, stream), pauses, rates, priorities, the newest edit. Pure: no socket, no
// clock, no table; the outbox drives it, and its rules are proved on it alone.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/time.hpp"
#include "telegram/call.hpp"
#include "telegram/token_bucket.hpp"

namespace persona::telegram {

// An upload of a job's result never delays an answer of the dialogue; notices come last, 25 a second over all chats.
enum class Stream { dialogue = 0, job = 1, notice = 2 };
constexpr std::size_t streams = 3;

// A row of the outbox while it is in memory.
struct Queued {
    OutboxId id;
    ChatId chat;
    Stream stream = Stream::dialogue;
    Call call;
    std::string handle;
    bool edit = false;
    int attempts = 0;  // calls made that are known to have failed
    int unsure = 0;    // calls made of which nobody knows
    Time created{};
    Time not_before{};
};

struct OutboxRates {
    double per_chat = 1.0;  // a second, after the burst
    int burst = 20;
    double group = 20.0 / 60;
    double notices = 25.0;  // over all chats
};

class OutboxQueue {
public:
    explicit OutboxQueue(OutboxRates rates) : rates_(rates), notices_(rates.notices, rates.notices, Time{}) {}

    // Ignores an id that it has. Gives the edits that nobody needs to see any more, perhaps this one: of the edits of a
    // handle that wait only the one of the highest id is kept.
    std::vector<OutboxId> push(Queued item, Time now);
    // What may be sent now: the dialogue first, then jobs, then notices; within these the lowest id. Its (chat, stream) waits
    // until done() or again(). An edit waits for the message of its handle where that has a lower id and is still to be sent.
    std::optional<Queued> next(Time now);
    // When next() may have something; Time::max() when only push, done or again can help.
    Time wake_at(Time now) const;
    // The item that next() gave is finished with.
    void done(OutboxId id, Time now);
    // What next() gave was not said: it heads its (chat, stream) again from `item.not_before` on. Gives what push gives.
    std::vector<OutboxId> again(Queued item, Time now);

    // Nothing goes to the chat before `until`; a shorter pause does not end a longer one.
    void pause_chat(ChatId chat, Time until);
    void pause_all(Time until) { all_paused_ = std::max(all_paused_, until); }
    // Telegram throttled this chat: pauses it, and everything where several chats were throttled at once. True for the latter.
    bool throttled(ChatId chat, Time until, Time now);

    bool holds(OutboxId id) const { return ids_.contains(id); }
    // Waiting and given out.
    std::size_t size() const { return ids_.size(); }
    std::size_t given() const { return given_.size(); }
    // Forgets what waits; nothing may be given out. Pauses and rates stay.
    void clear();

private:
    using LaneKey = std::pair<ChatId, Stream>;
    using HandleKey = std::pair<ChatId, std::string>;
    struct Lane {
        std::map<OutboxId, Queued> items;
        bool busy = false;             // its head was given out
        std::optional<Time> due;       // its place in due_
        std::optional<OutboxId> turn;  // its place in ready_
    };
    struct Chat {
        TokenBucket bucket;
        Time paused{};
        int lanes = 0;
    };
    struct Handle {
        std::set<OutboxId> sends;                         // waiting or given out
        std::optional<std::pair<OutboxId, Stream>> edit;  // waiting
    };
    struct Given {
        LaneKey lane;
        std::string handle;
        bool edit;
    };

    Chat& chat_of(ChatId id, Time now);
    Lane& lane_of(const LaneKey& key, Time now);
    Time open_at(const LaneKey& key, const Queued& head, Time now) const;
    bool awaits_its_message(const Queued& item) const;
    void list(const LaneKey& key, Time now);
    void unlist(const LaneKey& key, Lane& lane);
    void move_due(Time now);
    std::optional<Queued> next_of(std::size_t stream, Time now);
    Queued give(const LaneKey& key, Time now);
    std::vector<OutboxId> put(Queued item, Time now);
    std::optional<OutboxId> older_edit(const Queued& item, Time now);
    void drop_lane_if_idle(const LaneKey& key, Time now);
    void forget_send(const HandleKey& key, OutboxId id);
    void forget_edit(const HandleKey& key, OutboxId id);
    void tidy_chats(Time now);

    OutboxRates rates_;
    std::map<LaneKey, Lane> lanes_;
    std::unordered_map<ChatId, Chat> chats_;
    std::map<HandleKey, Handle> handles_;
    std::unordered_set<OutboxId> ids_;
    std::unordered_map<OutboxId, Given> given_;
    std::set<std::pair<Time, LaneKey>> due_;                 // lanes that wait for a time
    std::set<std::pair<OutboxId, LaneKey>> ready_[streams];  // lanes that wait for their turn
    TokenBucket notices_;
    Time all_paused_{};
    std::deque<std::pair<Time, ChatId>> throttles_;  // of the last seconds
    std::size_t tidy_above_ = 1024;                  // chats
};

}  // namespace persona::telegram

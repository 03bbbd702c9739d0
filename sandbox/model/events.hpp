// What happened in the chats, numbered: the page streams it, tests wait on it. The last 20,000 are kept.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "sandbox/json.hpp"

namespace persona::sandbox {

struct Event {
    std::uint64_t seq = 0;
    BotId bot;
    ChatId chat;
    // message, edit, delete, action, draft, callback_answer, keyboard, chat, user
    std::string type;
    bool by_bot = false;
    std::shared_ptr<const json::object> message;  // of message and edit
    json::object extra;                           // what the other types tell

    json::object as_json() const;
};

class Events {
public:
    std::uint64_t add(Event event);
    std::uint64_t last() const { return next_ - 1; }
    void never_below(std::uint64_t seq) { next_ = std::max(next_, seq); }
    // With seq > after, oldest first, those that `wanted` accepts, at most `limit`.
    template <class Wanted>
    std::vector<const Event*> after(std::uint64_t seq, std::size_t limit, const Wanted& wanted) const {
        std::vector<const Event*> out;
        std::size_t i = 0;
        if (!events_.empty() && seq >= events_.front().seq) i = std::min<std::size_t>(events_.size(), seq - events_.front().seq + 1);
        // Sequence numbers have gaps only before the first event of this run.
        while (i > 0 && events_[i - 1].seq > seq) --i;
        for (; i < events_.size() && out.size() < limit; ++i)
            if (events_[i].seq > seq && wanted(events_[i])) out.push_back(&events_[i]);
        return out;
    }

private:
    std::deque<Event> events_;
    std::uint64_t next_ = 1;
};

}  // namespace persona::sandbox

// The updates of one bot that wait to be fetched or delivered. Pure: time comes in, nothing is awaited.
// Lifetimes and queue keys as read in tdlib/telegram-bot-api (Client.cpp, add_update).
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "sandbox/json.hpp"

namespace persona::sandbox {

struct Update {
    UpdateId id;
    std::string type;       // "message", "callback_query", …
    std::int64_t lane = 0;  // a webhook delivers the updates of one lane one after the other
    Time expires;
    std::string body;    // the whole Update object as JSON text
    bool twice = false;  // survives its first confirmation: a re-delivery, as after a crash of the bot
};

// Messages by chat; callbacks and payment questions have lanes of their own beside it.
std::int64_t message_lane(ChatId chat);
std::int64_t callback_lane(TelegramId user);
std::int64_t checkout_lane(TelegramId user);
// 150 s for what a person waits for, else 24 h.
Micros lifetime(std::string_view type);

class UpdateQueue {
public:
    // Types that are not asked for are not queued. Empty: all but chat_member and the message_reaction kinds.
    void allow(std::set<std::string, std::less<>> types) { allowed_ = std::move(types); }
    const std::set<std::string, std::less<>>& allowed() const { return allowed_; }
    bool allows(std::string_view type) const;

    // The caller has asked allows() or means to bypass it. The pointer lives until the update is dropped.
    const Update* push(std::string_view type, std::int64_t lane, const json::value& content, Time now);
    // As read from the journal.
    void restore(Update update);

    // getUpdates: confirms everything below offset, then gives the next `limit`. A negative offset forgets all but the last
    // -offset. `gone` receives what was dropped.
    std::vector<const Update*> take(std::int64_t offset, std::size_t limit, Time now, std::vector<UpdateId>& gone);
    // A webhook took it. False: it stays for one repeat.
    bool confirm(UpdateId id);
    void expire(Time now, std::vector<UpdateId>& gone);
    std::vector<UpdateId> clear();

    const Update* find(UpdateId id) const;
    const std::map<UpdateId, Update>& all() const { return updates_; }
    std::size_t size() const { return updates_.size(); }
    UpdateId next_id() const { return UpdateId(next_); }
    void never_below(UpdateId id) { next_ = std::max(next_, id.value); }
    // The next `count` that are pushed come twice.
    void duplicate_next(int count) { duplicates_ += count; }
    int to_duplicate() const { return duplicates_; }
    void duplicate_none() { duplicates_ = 0; }

private:
    std::map<UpdateId, Update> updates_;
    std::set<std::string, std::less<>> allowed_;
    std::int64_t next_ = 870'000'001;  // somewhere high, as at Telegram: nobody should count on small numbers
    int duplicates_ = 0;
    Time earliest_ = Time::max();  // no update expires before it
};

}  // namespace persona::sandbox

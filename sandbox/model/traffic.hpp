// What went between bots and this server, as it went: calls and their answers, updates and their fates. For people who watch
// (the page's inspector); tests read the Recorder. Owned by World; the last 2,000 lines are kept.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "sandbox/json.hpp"
#include "sandbox/model/update_queue.hpp"
#include "sandbox/schema/validate.hpp"

namespace persona::sandbox {

class Traffic {
public:
    // JSON text without a line break: {"seq","kind","id",…}. kind is call, answer, update or fate; an answer has its call's id, a
    // fate its update's.
    struct Line {
        std::uint64_t seq;
        std::string json;
    };
    struct Call {
        std::uint64_t seq;  // the recorder's
        Time at;
        BotId bot;
        ChatId chat;  // 0: about no chat
        std::string_view method;
        const json::object& params;
        const Violations& violations;
        const std::vector<std::string>& files;  // names of what was uploaded
    };
    struct Answer {
        std::uint64_t call;
        int status;                // 0: the connection was closed instead
        Micros took;               // with the waiting of a long poll or of a fault
        std::string_view body;     // JSON; over 64 kB it is left out
        std::string_view fault{};  // the kind that a person asked for
    };

    // Called after each line. Set once, before the first.
    std::function<void()> on_line = [] {};

    void called(const Call& call);
    void answered(const Answer& answer);
    void queued(BotId bot, ChatId chat, const Update& update, Time at);
    // fate: "fetched", "delivered", or why a webhook did not take it.
    void settled(UpdateId update, std::string_view fate, Time at);

    std::uint64_t last() const { return next_ - 1; }
    // With seq > after, oldest first, at most `limit`.
    std::vector<const Line*> after(std::uint64_t seq, std::size_t limit) const;

private:
    void add(std::string_view rest);

    std::deque<Line> lines_;
    std::uint64_t next_ = 1;
};

// The chat that an update is about: its own, its message's, or the private chat of who sent it.
ChatId chat_of_update(const json::value& content);

}  // namespace persona::sandbox

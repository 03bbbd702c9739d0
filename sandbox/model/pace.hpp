// Telegram's flood control, per chat: a burst, then a steady rate (GCRA). Telegram publishes no exact numbers
// (https://core.telegram.org/bots/faq says about 1/s a chat, 20/min a group); the defaults here are generous.
#pragma once

#include <chrono>
#include <optional>
#include <unordered_map>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::sandbox {

struct Rule {
    double burst = 0;       // sends at once; 0: no limit
    double per_second = 1;  // after the burst
};

struct Limits {
    Rule chat{40, 2};
    Rule group{40, 0.5};
    Rule all{0, 30};  // over all chats; off, as Telegram's is for small bots
};

class Pace {
public:
    void set(const Limits& limits) { limits_ = limits; }
    const Limits& limits() const { return limits_; }

    // Counts one send to the chat; where it is too much it counts nothing and gives the seconds to wait (at least 1).
    std::optional<std::chrono::seconds> take(ChatId chat, Time now);

private:
    Limits limits_;
    std::unordered_map<std::int64_t, Time> theoretical_;  // arrival time of the next send in an even stream
    Time all_{};
};

}  // namespace persona::sandbox

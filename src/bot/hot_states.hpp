// Quick copies of sessions and the rate limit of a person, in Redis: one round trip for both. Without Redis there are no
// copies and the limit is kept in this process: never open, never in the way.
#pragma once

#include <optional>
#include <string>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::bot {

// Generic cell rate: `burst` updates at once, then `per_second`.
struct RateLimit {
    double per_second = 2;
    int burst = 40;
};

class HotStates {
public:
    struct Found {
        bool allowed = true;
        bool first_refusal = false;  // the one that is answered
        std::optional<std::string> session;
    };

    virtual ~HotStates() = default;
    virtual Task<Found> find(TelegramId person, Deadline deadline) = 0;
    // Never waits, never fails; an older version does not replace a newer one.
    virtual void put(TelegramId person, std::int64_t version, std::string session) = 0;
};

}  // namespace persona::bot

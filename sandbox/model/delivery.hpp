// When which update goes to a webhook: a state machine without a socket, driven by "what is due now" and "that ended so".
// Rules as read in tdlib/telegram-bot-api (WebhookActor.cpp): one update of a lane at a time, lanes beside each other up to
// max_connections; a failure is retried at once, then after 1, 2, 4 … 60 s; Retry-After of the answer is honoured up to 3600 s.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/ids.hpp"
#include "base/time.hpp"

namespace persona::sandbox {

class Delivery {
public:
    explicit Delivery(std::size_t max_connections) : max_connections_(max_connections) {}

    void added(UpdateId id, std::int64_t lane);
    // It expired or was dropped while it waited; one in flight is left alone.
    void gone(UpdateId id, std::int64_t lane);

    // Updates whose delivery starts now; the caller delivers each and calls finished.
    struct Due {
        UpdateId id;
        std::int64_t lane;
    };
    std::vector<Due> due(Time now);
    // delivered: a 2xx came and the update is done. repeat: it stays at the head of its lane (a planned duplicate).
    struct Outcome {
        bool delivered = false;
        bool repeat = false;
        std::optional<std::chrono::seconds> retry_after;
    };
    void finished(UpdateId id, std::int64_t lane, const Outcome& outcome, Time now);

    // When due() may have more although nothing was added or finished; nothing: not before that.
    std::optional<Time> wake_at() const;
    std::size_t in_flight() const { return in_flight_; }

private:
    struct Lane {
        std::deque<UpdateId> waiting;
        bool busy = false, queued = false;
        int failures = 0;
    };
    void offer(std::int64_t key, Lane& lane);

    std::size_t max_connections_, in_flight_ = 0;
    std::unordered_map<std::int64_t, Lane> lanes_;
    std::deque<std::int64_t> ready_;
    std::multimap<Time, std::int64_t> resting_;
};

}  // namespace persona::sandbox

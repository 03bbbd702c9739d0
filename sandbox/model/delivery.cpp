#include "sandbox/model/delivery.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace persona::sandbox {
namespace {

Micros pause_after(int failures, const std::optional<std::chrono::seconds>& retry_after) {
    if (retry_after) return std::clamp(*retry_after, std::chrono::seconds(0), std::chrono::seconds(3600));
    if (failures <= 1) return Micros(0);
    return std::min<Micros>(60s, Micros(1s) * (1 << std::min(failures - 2, 6)));
}

}  // namespace

void Delivery::added(UpdateId id, std::int64_t key) {
    auto& lane = lanes_[key];
    lane.waiting.push_back(id);
    if (lane.failures == 0) offer(key, lane);  // after a failure the lane rests; it comes back by itself
}

void Delivery::gone(UpdateId id, std::int64_t key) {
    const auto found = lanes_.find(key);
    if (found == lanes_.end()) return;
    auto& waiting = found->second.waiting;
    if (found->second.busy && !waiting.empty() && waiting.front() == id) return;
    std::erase(waiting, id);
}

void Delivery::offer(std::int64_t key, Lane& lane) {
    if (lane.busy || lane.queued || lane.waiting.empty()) return;
    lane.queued = true;
    ready_.push_back(key);
}

std::vector<Delivery::Due> Delivery::due(Time now) {
    while (!resting_.empty() && resting_.begin()->first <= now) {
        const auto key = resting_.begin()->second;
        resting_.erase(resting_.begin());
        offer(key, lanes_[key]);
    }
    std::vector<Due> starting;
    while (!ready_.empty() && in_flight_ < max_connections_) {
        const auto key = ready_.front();
        ready_.pop_front();
        auto& lane = lanes_[key];
        lane.queued = false;
        if (lane.waiting.empty()) {
            lanes_.erase(key);
            continue;
        }
        lane.busy = true;
        ++in_flight_;
        starting.push_back({lane.waiting.front(), key});
    }
    return starting;
}

void Delivery::finished(UpdateId id, std::int64_t key, const Outcome& outcome, Time now) {
    auto& lane = lanes_.at(key);
    PERSONA_ASSERT(lane.busy && !lane.waiting.empty() && lane.waiting.front() == id);
    lane.busy = false;
    --in_flight_;
    if (!outcome.delivered) {
        ++lane.failures;
        resting_.emplace(now + pause_after(lane.failures, outcome.retry_after), key);
        return;
    }
    lane.failures = 0;
    if (!outcome.repeat) lane.waiting.pop_front();
    if (lane.waiting.empty())
        lanes_.erase(key);
    else
        offer(key, lane);
}

std::optional<Time> Delivery::wake_at() const {
    if (resting_.empty()) return std::nullopt;
    return resting_.begin()->first;
}

}  // namespace persona::sandbox

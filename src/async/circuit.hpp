// A circuit breaker (Nygard, Release It!): a provider that fails again and again is left alone for a while, then tried by one call.
// Pure: the time comes in. Owned by one client; one thread.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.hpp"

namespace persona {

struct CircuitConfig {
    int failures = 5;           // in a row, until it opens
    Millis first_rest{10'000};  // doubled each time the trial call fails too
    Millis most_rest{300'000};
};

class Circuit {
public:
    using Point = std::chrono::steady_clock::time_point;

    explicit Circuit(CircuitConfig config = {}) : config_(config), rest_(config.first_rest) {}

    // Whether a call may be made now. After the rest one call is let through; the others wait for what becomes of it, at most one rest long.
    bool allows(Point now) {
        if (now < open_until_) return false;
        if (failures_ >= config_.failures) open_until_ = now + rest_;  // this call is the trial
        return true;
    }
    void succeeded() {
        failures_ = 0;
        rest_ = config_.first_rest;
        open_until_ = {};
    }
    void failed(Point now) {
        const bool trial = failures_ >= config_.failures;
        if (++failures_ < config_.failures) return;
        if (trial) rest_ = std::min(rest_ * 2, config_.most_rest);
        open_until_ = now + rest_;
    }
    // Opens at once: a wrong key or spent credit does not heal within seconds.
    void broke(Point now) {
        failures_ = config_.failures;
        rest_ = config_.most_rest;
        open_until_ = now + rest_;
    }

private:
    CircuitConfig config_;
    int failures_ = 0;
    Millis rest_;
    Point open_until_{};
};

}  // namespace persona

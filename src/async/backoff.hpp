// How long to wait before the next try: doubling, with a ceiling, spread at random so that clients do not come back together.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

#include "base/time.hpp"

namespace persona {

class Backoff {
public:
    Backoff(Millis first, Millis ceiling) : next_(first), first_(first), ceiling_(ceiling) {}

    // Between half and the whole of the current step; then the step doubles.
    Millis next() {
        thread_local std::minstd_rand random(std::random_device{}());
        const Millis step = next_;
        next_ = std::min(next_ * 2, ceiling_);
        return step / 2 + Millis(std::uniform_int_distribution<Millis::rep>(0, step.count() - step.count() / 2)(random));
    }
    void reset() { next_ = first_; }

private:
    Millis next_, first_, ceiling_;
};

}  // namespace persona

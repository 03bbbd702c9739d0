// A rate with a burst: holds up to `burst` tokens, grows by `rate` a second. Pure: the time is given.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/time.hpp"

namespace persona::telegram {

class TokenBucket {
public:
    // Full at the beginning. rate > 0, burst >= 1.
    TokenBucket(double rate, double burst, Time now) : rate_(rate), burst_(burst), tokens_(burst), at_(now) {}

    // When the next token can be taken; not after `now` where there is one.
    Time ready_at(Time now) const {
        const double missing = 1.0 - held(now);
        // Rounded up and a microsecond more: at the instant that is named the token is there, whatever floating point says.
        return missing <= 0 ? now : now + Micros(static_cast<std::int64_t>(std::ceil(missing / rate_ * 1e6)) + 1);
    }
    // Takes one that ready_at says is there.
    void take(Time now) {
        tokens_ = held(now) - 1.0;
        at_ = std::max(at_, now);
    }
    bool full(Time now) const { return held(now) >= burst_; }

private:
    // A clock that was set back adds nothing and takes nothing.
    double held(Time now) const {
        const double seconds = std::max(0.0, std::chrono::duration<double>(now - at_).count());
        return std::min(burst_, tokens_ + seconds * rate_);
    }
    double rate_, burst_, tokens_;
    Time at_;
};

}  // namespace persona::telegram

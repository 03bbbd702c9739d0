// A point of the steady clock by which something must have happened. The last parameter of everything that waits;
// it reaches down to statement_timeout and the socket, so that no layer waits longer than its caller.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/time.hpp"

namespace persona {

class Deadline {
public:
    using Steady = std::chrono::steady_clock;

    static Deadline after(Steady::duration wait) { return Deadline(Steady::now() + wait); }
    static Deadline at(Steady::time_point point) { return Deadline(point); }
    // For loops that end by cancellation only; never for a call to another system.
    static Deadline never() { return Deadline(Steady::time_point::max()); }

    // This deadline or `wait` from now, whichever comes first.
    Deadline within(Steady::duration wait) const { return Deadline(std::min(point_, Steady::now() + wait)); }

    Steady::time_point point() const { return point_; }
    bool passed() const { return Steady::now() >= point_; }
    // Never negative; never() gives about 292 years.
    std::chrono::milliseconds left() const {
        return std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(point_ - Steady::now()));
    }

private:
    explicit Deadline(Steady::time_point point) : point_(point) {}
    Steady::time_point point_;
};

}  // namespace persona

// One timer for many deadlines: nearly everything ends long before its own, and a timer for each would cost as much as the call.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>

#include "async/deadline.hpp"
#include "async/task.hpp"

namespace persona {

class Alarm {
public:
    // look: called on the executor when the earliest time asked for has come; it ends what is late and asks again for the rest.
    Alarm(Executor executor, std::function<void()> look);
    // Nothing is called after this.
    ~Alarm();
    Alarm(const Alarm&) = delete;

    // By this time at the latest; an earlier call that still stands serves it too.
    void by(Deadline::Steady::time_point due);
    // Forgets everything asked for, so that the loop can run dry.
    void cancel();

private:
    asio::steady_timer timer_;
    std::function<void()> look_;
    bool set_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace persona

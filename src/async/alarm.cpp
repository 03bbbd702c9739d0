#include "async/alarm.hpp"

namespace persona {

Alarm::Alarm(Executor executor, std::function<void()> look) : timer_(executor), look_(std::move(look)) {}

Alarm::~Alarm() { *alive_ = false; }

void Alarm::by(Deadline::Steady::time_point due) {
    if (set_ && timer_.expiry() <= due) return;
    set_ = true;
    timer_.expires_at(due);
    timer_.async_wait([this, alive = alive_](boost::system::error_code error) {
        if (error || !*alive) return;
        set_ = false;
        look_();
    });
}

void Alarm::cancel() {
    set_ = false;
    timer_.cancel();
}

}  // namespace persona

#include "async/signal.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

namespace persona {

struct Signal::Waiter {
    asio::steady_timer timer;
    bool notified = false;
    Waiter* next = nullptr;
    Waiter** link;
    Waiter**& end;  // of the list

    Waiter(Executor executor, Deadline deadline, Waiter**& list_end) : timer(executor, deadline.point()), link(list_end), end(list_end) {
        *link = this;
        end = &next;
    }
    Waiter(const Waiter&) = delete;
    ~Waiter() { leave(); }

    void leave() {
        if (!link) return;
        *link = next;
        (next ? next->link : end) = link;
        link = nullptr;
    }
};

Signal::Signal(Executor executor) : executor_(std::move(executor)) {}

void Signal::notify() {
    while (first_) notify_one();
}

void Signal::notify_one() {
    if (!first_) return;
    Waiter* waiter = first_;
    waiter->leave();
    waiter->notified = true;
    waiter->timer.cancel();
}

Task<bool> Signal::wait(Deadline deadline) {
    Waiter waiter(executor_, deadline, end_);
    boost::system::error_code error;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (waiter.notified) co_return true;
    if (error) throw boost::system::system_error(error);
    co_return false;
}

}  // namespace persona

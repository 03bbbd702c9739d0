#include "async/signal.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/system/system_error.hpp>

namespace persona {

struct Signal::Waiter {
    asio::steady_timer timer;
    bool notified = false;
    Waiter* next = nullptr;
    Waiter** link = nullptr;

    Waiter(Executor executor, Deadline deadline, Waiter*& head) : timer(executor, deadline.point()), next(head), link(&head) {
        if (next) next->link = &next;
        head = this;
    }
    Waiter(const Waiter&) = delete;
    ~Waiter() { leave(); }

    void leave() {
        if (!link) return;
        *link = next;
        if (next) next->link = link;
        link = nullptr;
    }
};

Signal::Signal(Executor executor) : executor_(std::move(executor)) {}

void Signal::notify() {
    while (first_) {
        Waiter* waiter = first_;
        waiter->leave();
        waiter->notified = true;
        waiter->timer.cancel();
    }
}

Task<bool> Signal::wait(Deadline deadline) {
    Waiter waiter(executor_, deadline, first_);
    boost::system::error_code error;
    co_await waiter.timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (waiter.notified) co_return true;
    if (error) throw boost::system::system_error(error);
    co_return false;
}

}  // namespace persona

#include "jobs/redis_bell.hpp"

namespace persona::jobs {

RedisBell::RedisBell(Executor executor, redis::Redis& redis, std::string epoch)
    : redis_(redis), epoch_(std::move(epoch)), publishing_(executor, "jobs") {}

void RedisBell::ring(std::string_view name) {
    here_.ring(name);
    if (stopped_ || !redis_.connected()) return;
    if (under_way_.contains(name)) {
        again_.emplace(name);
        return;
    }
    under_way_.emplace(name);
    publishing_.spawn("ring", publish(std::string(name)));
}

// A ring that Redis does not take is lost: whoever it was for looks on its own.
Task<void> RedisBell::publish(std::string name) {
    try {
        do {
            again_.erase(name);
            co_await redis_.command(redis::Command("PUBLISH", channel(name), ""), Deadline::after(2s));
        } while (again_.contains(name));
    } catch (const Error&) { again_.erase(name); }
    under_way_.erase(name);
}

void RedisBell::listen(std::string name, std::function<void()> heard) {
    here_.listen(name, std::move(heard));
    if (!subscribed_.insert(name).second) return;
    // A message, or a subscription that begins anew and may have missed some: both are a reason to look.
    redis_.subscribe(channel(name), [this, name](std::optional<std::string_view>) { here_.ring(name); });
}

Task<void> RedisBell::stop() {
    stopped_ = true;
    for (const auto& name : subscribed_) redis_.unsubscribe(channel(name));
    publishing_.cancel();
    co_await publishing_.join(Deadline::never());
}

}  // namespace persona::jobs

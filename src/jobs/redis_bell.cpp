#include "jobs/redis_bell.hpp"

namespace persona::jobs {
namespace {

constexpr std::size_t most_rings = 64;  // under way; one more would wake nobody who is not awake

Task<void> publish(redis::Redis& redis, std::string channel) {
    try {
        co_await redis.command(redis::Command("PUBLISH", channel, "1"), Deadline::after(500ms));
    } catch (const Error&) {  // whoever waits looks on its own too
    }
}

}  // namespace

RedisBell::RedisBell(Executor executor, redis::Redis& redis, std::string epoch) : redis_(redis), epoch_(std::move(epoch)), rings_(executor, "jobs") {}

std::string RedisBell::channel(std::string_view name) const { return "persona:" + epoch_ + ":bell:" + std::string(name); }

void RedisBell::ring(std::string_view name) {
    if (redis_.connected() && rings_.size() < most_rings) rings_.spawn("ring", publish(redis_, channel(name)));
}

void RedisBell::listen(std::string name, std::function<void()> heard) {
    redis_.subscribe(channel(name), [heard = std::move(heard)](std::optional<std::string_view>) { heard(); });
}

Task<void> RedisBell::stop() {
    rings_.cancel();
    co_await rings_.join(Deadline::after(1s));
}

}  // namespace persona::jobs

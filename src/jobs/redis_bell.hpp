// The bell of several processes: a channel of Redis for each name. Without Redis it rings in this process alone, and the
// others find their work by looking. Owned by main; one thread.
#pragma once

#include <set>

#include "async/task_group.hpp"
#include "jobs/bell.hpp"
#include "redis/redis.hpp"

namespace persona::jobs {

class RedisBell : public Bell {
public:
    // epoch: of the database, so that installations that share a Redis do not wake each other. redis must outlive it.
    RedisBell(Executor executor, redis::Redis& redis, std::string epoch);

    // Rings that come while one of the same name is on its way are one with the next.
    void ring(std::string_view name) override;
    void listen(std::string name, std::function<void()> heard) override;
    // Before it is destroyed. Rings afterwards stay in this process.
    Task<void> stop();

private:
    Task<void> publish(std::string name);
    std::string channel(std::string_view name) const { return "persona:" + epoch_ + ":bell:" + std::string(name); }

    redis::Redis& redis_;
    const std::string epoch_;
    LocalBell here_;
    TaskGroup publishing_;
    std::set<std::string, std::less<>> under_way_, again_;
    std::set<std::string> subscribed_;
    bool stopped_ = false;
};

}  // namespace persona::jobs

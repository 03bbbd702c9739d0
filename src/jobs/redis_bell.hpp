// The bell over processes: a channel of Redis for each name. Without Redis nobody hears, and everybody looks for themselves.
#pragma once

#include "async/task_group.hpp"
#include "jobs/bell.hpp"
#include "redis/redis.hpp"

namespace persona::jobs {

class RedisBell final : public Bell {
public:
    // epoch: of the database, so that installations that share a Redis do not wake each other. redis must outlive it.
    RedisBell(Executor executor, redis::Redis& redis, std::string epoch);

    void ring(std::string_view name) override;
    // Also called after each reconnect: rings may have been missed.
    void listen(std::string name, std::function<void()> heard) override;
    // Ends the rings under way; before Redis is stopped.
    Task<void> stop();

private:
    std::string channel(std::string_view name) const;

    redis::Redis& redis_;
    std::string epoch_;
    TaskGroup rings_;
};

}  // namespace persona::jobs

// HotStates on Redis, with the rate limit kept in this process while Redis is away.
#pragma once

#include <unordered_map>

#include "async/task_group.hpp"
#include "bot/hot_states.hpp"
#include "redis/redis.hpp"

namespace persona::bot {

// The same rule as the script's, for one process. Bounded: forgets everybody when it holds too many.
class LocalLimit {
public:
    explicit LocalLimit(RateLimit limit) : limit_(limit) {}
    HotStates::Found ask(TelegramId person, std::chrono::steady_clock::time_point now);

private:
    struct Entry {
        std::chrono::steady_clock::time_point full_at, told_at;
    };
    static constexpr std::size_t most_people = 50'000;
    RateLimit limit_;
    std::unordered_map<TelegramId, Entry> people_;
};

class RedisHotStates final : public HotStates {
public:
    // epoch: of the database (system_epoch); copies of another one are not seen.
    RedisHotStates(Executor executor, redis::Redis& redis, std::string epoch, RateLimit limit);

    Task<Found> find(TelegramId person, Deadline deadline) override;
    void put(TelegramId person, std::int64_t version, std::string session) override;
    // Ends the writes under way.
    Task<void> stop();

private:
    std::string key(TelegramId person, std::string_view what) const;
    Task<void> write(TelegramId person, std::int64_t version, std::string session);

    redis::Redis& redis_;
    std::string epoch_;
    RateLimit limit_;
    LocalLimit local_;
    TaskGroup writes_;
};

}  // namespace persona::bot

// The connection that only listens: channels, their handlers, and subscribing again after each loss. Private to redis/.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "redis/connection.hpp"
#include "redis/redis.hpp"

namespace persona::redis {

class Subscriber {
public:
    Subscriber(Executor executor, ConnectionOptions options);

    void subscribe(std::string channel, OnMessage handler);
    void unsubscribe(const std::string& channel);
    Task<void> stop() { return connection_.stop(); }

private:
    void take(const Value& push);

    std::map<std::string, OnMessage> handlers_;
    Connection connection_;
};

}  // namespace persona::redis

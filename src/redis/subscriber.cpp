#include "redis/subscriber.hpp"

namespace persona::redis {
namespace {

// `connection` is used only once it exists: both hooks run later, on the loop.
ConnectionOptions with_hooks(ConnectionOptions options, std::function<void()> up, std::function<void(Value)> push) {
    options.on_up = std::move(up);
    options.on_push = std::move(push);
    return options;
}

}  // namespace

Subscriber::Subscriber(Executor executor, ConnectionOptions options)
    : connection_(executor, with_hooks(
                                std::move(options),
                                [this] {
                                    for (const auto& [channel, handler] : handlers_) connection_.send_unanswered(Command("SUBSCRIBE", channel));
                                },
                                [this](Value push) { take(push); })) {}

void Subscriber::subscribe(std::string channel, OnMessage handler) {
    connection_.send_unanswered(Command("SUBSCRIBE", channel));
    handlers_[std::move(channel)] = std::move(handler);
}

void Subscriber::unsubscribe(const std::string& channel) {
    if (handlers_.erase(channel)) connection_.send_unanswered(Command("UNSUBSCRIBE", channel));
}

// ["message", channel, payload] or ["subscribe", channel, count]
void Subscriber::take(const Value& push) {
    if (push.items.size() < 3) return;
    const auto at = handlers_.find(push.items[1].text);
    if (at == handlers_.end()) return;
    const OnMessage handler = at->second;  // it may unsubscribe itself
    const std::string& kind = push.items[0].text;
    if (kind == "message") handler(std::string_view(push.items[2].text));
    if (kind == "subscribe") handler(std::nullopt);
}

}  // namespace persona::redis

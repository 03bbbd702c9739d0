// What all routes share: the state, the two sides that act on it, and the signals that wake whoever waits. Owned by main.
#pragma once

#include <map>
#include <memory>
#include <unordered_map>

#include "async/signal.hpp"
#include "http/message.hpp"
#include "sandbox/methods/bot_api.hpp"
#include "sandbox/people/people.hpp"

namespace persona::sandbox {

class Station {
public:
    // world outlives the station.
    Station(Executor executor, World& world);

    World& world;
    BotApi api;
    People people;

    // Updates of this bot, or a change of how it fetches them.
    Signal& updates_of(BotId bot);
    // Updates of any bot, for the delivery to webhooks.
    Signal& updates() { return any_update_; }
    // Any event of any chat.
    Signal& events() { return events_; }
    // Any line of the traffic.
    Signal& traffic() { return traffic_; }
    // True when the chat had an event, false when the deadline passed.
    Task<bool> event_of(ChatId chat, Deadline deadline);

private:
    Executor executor_;
    Signal events_, any_update_, traffic_;
    std::map<BotId, Signal> updates_;
    std::unordered_map<std::int64_t, std::shared_ptr<Signal>> chats_;  // only those that somebody waits for
};

}  // namespace persona::sandbox

// Brings updates to webhooks: what is due when is Delivery's decision, the requests are made here. Owned by main.
#pragma once

#include "async/task_group.hpp"
#include "http/client.hpp"
#include "sandbox/server/station.hpp"

namespace persona::sandbox {

class Postman {
public:
    // station and client outlive it.
    Postman(Executor executor, Station& station, http::Client& client);

    // Runs until it is cancelled; deliveries under way are cancelled with it and count as failed.
    Task<void> run();

private:
    Task<void> deliver(BotId id, UpdateId update, std::int64_t lane, std::uint64_t hook);
    void settle(Bot& bot, UpdateId update, std::int64_t lane, std::uint64_t hook, const http::Result& result);
    void start_due(Bot& bot, Time now);

    Station& station_;
    http::Client& client_;
    TaskGroup deliveries_;
};

}  // namespace persona::sandbox

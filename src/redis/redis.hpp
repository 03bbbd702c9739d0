// Redis as the other rooms see it: commands, scripts, one stream to wait on, channels. Redis is speed and never the truth: every
// caller must be able to go on without it. Owned by main.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "base/error.hpp"
#include "redis/command.hpp"
#include "redis/config.hpp"
#include "redis/resp.hpp"
#include "redis/script.hpp"

namespace persona::redis {

// The command was written and may have been carried out; the connection broke before its reply.
struct ReplyLost : Unavailable {
    using Unavailable::Unavailable;
};

// Redis understood and refused: WRONGTYPE, ERR syntax, a script's own error. The message is Redis', its code first.
struct Refused : Error {
    using Error::Error;
};

struct StreamEntry {
    std::string id;  // "1700000000000-0"
    std::vector<std::pair<std::string, std::string>> fields;

    // The first field of that name, or an empty view.
    std::string_view field(std::string_view name) const;
};

// A message of the channel; nothing each time the subscription has begun (again): what was published before is missed.
using OnMessage = std::function<void(std::optional<std::string_view>)>;

class Redis {
public:
    // Connects in the background and again after every loss.
    Redis(Executor executor, Config config);
    // stop() must have ended, and every call.
    ~Redis();
    Redis(const Redis&) = delete;

    // The reply, which is no error. Throws Unavailable at once while there is no connection and when Redis cannot serve now
    // (LOADING, OOM, READONLY, …), ReplyLost, TimedOut, Refused. After the last three but Refused the effect is unknown.
    Task<Value> command(Command command, Deadline deadline);
    // One reply for each, in order, written together; others' commands may run in between (MULTI keeps them out).
    // Error replies are values here. Sent again after a loss only when every command is idempotent.
    Task<std::vector<Value>> pipeline(std::vector<Command> commands, Deadline deadline);
    // EVALSHA, and EVAL where Redis does not know the script (it then has not run).
    Task<Value> run(const Script& script, std::vector<std::string> keys, std::vector<std::string> args, Deadline deadline);

    // XREAD BLOCK on a connection of its own: entries after `after` ("$": from now on, "0": all), at most `count`; empty when
    // none came within `block`. Several callers may wait at once. Cancelling closes that connection.
    Task<std::vector<StreamEntry>> read_stream(std::string stream, std::string after, std::size_t count, Millis block, Deadline deadline);

    // Handlers run on the loop and do not throw. One handler a channel; the last one counts.
    void subscribe(std::string channel, OnMessage handler);
    void unsubscribe(const std::string& channel);

    bool connected() const;
    Task<bool> wait_connected(Deadline deadline);
    Task<void> stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace persona::redis

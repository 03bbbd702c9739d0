// One connection to Redis, shared by all callers and kept up for ever: what they ask in one turn of the loop goes out in one
// write, replies come back in order. Private to redis/.
#pragma once

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "async/alarm.hpp"
#include "async/deadline.hpp"
#include "async/signal.hpp"
#include "async/task_group.hpp"
#include "redis/command.hpp"
#include "redis/config.hpp"
#include "redis/resp.hpp"

namespace persona::redis {

// Where the next attempt to connect goes. Asked before each: behind Sentinel the answer changes with a failover.
using Resolver = std::function<Task<Endpoint>(Deadline)>;

struct ConnectionOptions {
    std::string name;  // for the log
    Config login;      // its endpoint is the resolver's business
    Resolver resolver;
    Millis connect_time = 3s;
    Millis stall_time = 10s;  // no byte for so long while a reply is due: the connection is dropped
    std::function<void()> on_up = {};
    std::function<void(Value)> on_push = {};
};

class Connection {
public:
    Connection(Executor executor, ConnectionOptions options);
    // stop() must have ended.
    ~Connection();
    Connection(const Connection&) = delete;

    bool up() const { return up_; }
    // True when connected; false when the deadline passed first.
    Task<bool> wait_up(Deadline deadline);

    // One reply for each command, in order; error replies are values here. Throws Unavailable while down and when nothing was
    // written, ReplyLost when the connection broke behind the write, TimedOut. A caller that goes away leaves its reply to be dropped.
    Task<std::vector<Value>> exchange(std::span<const Command> commands, Deadline deadline);
    // For commands that Redis answers by pushes; lost where the connection is down.
    void send_unanswered(const Command& command);
    // Closes it and connects anew: after a failover, or when a blocking command is given up.
    void drop();
    Task<void> stop();

private:
    enum class End { replied, lost, unsent, timed_out, cancelled };
    struct Pending;
    using Socket = asio::generic::stream_protocol::socket;

    Task<void> run();
    Task<void> open();
    Task<void> connect(Endpoint endpoint);
    Task<void> ask(Command command);
    Task<void> serve();
    void take(Value value);
    Task<void> readable();
    void schedule_flush();
    void flush();
    void lose(const std::string& why);
    void finish(Pending& pending, End end);
    Task<void> wait(Pending& pending);
    void look_at_deadlines();

    Executor executor_;
    ConnectionOptions options_;
    Socket socket_;
    Parser parser_;
    std::deque<std::shared_ptr<Pending>> queue_;  // in the order of their replies
    std::string out_;                             // not yet given to the kernel, from out_at_
    std::size_t out_at_ = 0;
    std::uint64_t asked_ = 0, written_ = 0;  // bytes of this connection
    bool flushing_ = false;
    bool up_ = false;
    bool reported_ = false;                    // the loss is in the log
    Deadline::Steady::time_point progress_{};  // when the last bytes came
    Alarm deadlines_;
    Signal changed_;
    TaskGroup tasks_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace persona::redis

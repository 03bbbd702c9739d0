#include "redis/redis.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "redis/connection.hpp"
#include "redis/subscriber.hpp"

namespace persona::redis {
namespace {

constexpr std::string_view not_now[] = {"LOADING",    "BUSY",       "OOM",         "MISCONF",  "READONLY",
                                        "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "NOAUTH"};
constexpr std::string_view wrong_server[] = {"READONLY", "MASTERDOWN"};  // a failover happened: ask again where the primary is

// Beyond the server's own wait: the way there and back.
constexpr auto grace = 2s;

bool among(std::span<const std::string_view> codes, std::string_view code) { return std::ranges::find(codes, code) != codes.end(); }

StreamEntry entry_of(Value& value) {
    StreamEntry entry;
    if (value.items.size() != 2) throw Error("redis: not a stream entry");
    entry.id = std::move(value.items[0].text);
    auto& fields = value.items[1].items;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) entry.fields.emplace_back(std::move(fields[i].text), std::move(fields[i + 1].text));
    return entry;
}

}  // namespace

std::string_view StreamEntry::field(std::string_view name) const {
    const auto at = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
    return at == fields.end() ? std::string_view() : std::string_view(at->second);
}

struct Redis::Impl {
    Impl(Executor on, Config given) : executor(on), config(std::move(given)), main(on, options("commands")) {}

    ConnectionOptions options(std::string name) {
        return {.name = std::move(name), .login = config, .resolver = [this](Deadline) -> Task<Endpoint> { co_return config.endpoint; }};
    }

    // The connection whose server holds the keys of these commands: there is one. Cluster will choose by slot here.
    Connection& route() { return main; }

    Task<std::vector<Value>> exchange(std::span<const Command> commands, Deadline deadline) {
        Connection& connection = route();
        try {
            co_return co_await connection.exchange(commands, deadline);
        } catch (const ReplyLost&) {
            if (!std::ranges::all_of(commands, &Command::is_idempotent)) throw;
        }
        if (!co_await connection.wait_up(deadline)) throw ReplyLost("redis: the connection did not come back in time");
        co_return co_await connection.exchange(commands, deadline);
    }

    Value checked(Value value) {
        if (!value.is_error()) return value;
        if (among(wrong_server, value.error_code())) route().drop();
        if (among(not_now, value.error_code())) throw Unavailable("redis: " + value.text);
        throw Refused("redis: " + value.text);
    }

    // A connection for one blocking command; the callers that end well give it back.
    std::unique_ptr<Connection> take_blocking() {
        if (idle.empty()) {
            auto settings = options("blocking");
            settings.stall_time = 24h;  // silence is what a blocking command is for; its deadline watches it
            return std::make_unique<Connection>(executor, std::move(settings));
        }
        auto connection = std::move(idle.back());
        idle.pop_back();
        return connection;
    }

    struct Lease {
        Impl& impl;
        std::unique_ptr<Connection> connection;
        Lease(Impl& in, std::unique_ptr<Connection> of) : impl(in), connection(std::move(of)) {}
        Lease(const Lease&) = delete;
        ~Lease() { impl.idle.push_back(std::move(connection)); }
    };

    Task<Value> blocking(Command command, Deadline deadline) {
        const Lease lease(*this, take_blocking());
        if (!co_await lease.connection->wait_up(deadline)) throw Unavailable("redis is not connected");
        struct DropUnlessDone {
            Connection& connection;
            bool done = false;
            ~DropUnlessDone() {
                if (!done) connection.drop();  // the command still blocks at the server
            }
        } guard{*lease.connection};
        auto values = co_await lease.connection->exchange(std::array{std::move(command)}, deadline);
        guard.done = true;
        co_return checked(std::move(values.front()));
    }

    Executor executor;
    Config config;
    Connection main;
    std::vector<std::unique_ptr<Connection>> idle;
    std::unique_ptr<Subscriber> subscriber;
};

Redis::Redis(Executor executor, Config config) : impl_(std::make_unique<Impl>(executor, std::move(config))) {}

Redis::~Redis() = default;

Task<Value> Redis::command(Command command, Deadline deadline) {
    auto values = co_await impl_->exchange({&command, 1}, deadline);
    co_return impl_->checked(std::move(values.front()));
}

Task<std::vector<Value>> Redis::pipeline(std::vector<Command> commands, Deadline deadline) { co_return co_await impl_->exchange(commands, deadline); }

Task<Value> Redis::run(const Script& script, std::vector<std::string> keys, std::vector<std::string> args, Deadline deadline) {
    const auto call = [&](std::string_view name, const std::string& body) {
        Command command(name, body, keys.size());
        for (const auto& key : keys) command.add(key);
        for (const auto& arg : args) command.add(arg);
        return command;
    };
    const Command by_hash = call("EVALSHA", script.sha());
    auto values = co_await impl_->exchange({&by_hash, 1}, deadline);
    if (values.front().is_error() && values.front().error_code() == "NOSCRIPT") {
        const Command by_text = call("EVAL", script.text());
        values = co_await impl_->exchange({&by_text, 1}, deadline);
    }
    co_return impl_->checked(std::move(values.front()));
}

Task<std::vector<StreamEntry>> Redis::read_stream(std::string stream, std::string after, std::size_t count, Millis block, Deadline deadline) {
    const auto wait = std::max<Millis>(1ms, std::min(block, deadline.left()));  // BLOCK 0 would wait for ever
    Command command("XREAD", "COUNT", count, "BLOCK", wait.count(), "STREAMS", stream, after);
    Value reply = co_await impl_->blocking(std::move(command), Deadline::after(wait + grace));
    std::vector<StreamEntry> entries;
    if (reply.items.size() < 2) co_return entries;  // {stream: [entry, …]}, or null when nothing came
    for (Value& value : reply.items[1].items) entries.push_back(entry_of(value));
    co_return entries;
}

void Redis::subscribe(std::string channel, OnMessage handler) {
    if (!impl_->subscriber) impl_->subscriber = std::make_unique<Subscriber>(impl_->executor, impl_->options("channels"));
    impl_->subscriber->subscribe(std::move(channel), std::move(handler));
}

void Redis::unsubscribe(const std::string& channel) {
    if (impl_->subscriber) impl_->subscriber->unsubscribe(channel);
}

bool Redis::connected() const { return impl_->main.up(); }

Task<bool> Redis::wait_connected(Deadline deadline) { return impl_->main.wait_up(deadline); }

Task<void> Redis::stop() {
    co_await impl_->main.stop();
    if (impl_->subscriber) co_await impl_->subscriber->stop();
    for (auto& connection : impl_->idle) co_await connection->stop();
}

}  // namespace persona::redis

#include "redis/connection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "async/backoff.hpp"
#include "async/within.hpp"
#include "base/assert.hpp"
#include "base/log.hpp"
#include "redis/redis.hpp"

namespace persona::redis {

using boost::system::error_code;

namespace {

constexpr std::size_t most_waiting = 100'000;
constexpr std::size_t most_unwritten = 64 << 20;
constexpr std::size_t read_at_once = 64 << 10;
constexpr auto first_pause = 50ms, longest_pause = 2'000ms;

}  // namespace

// One caller that waits, or has gone and left its replies to be dropped.
struct Connection::Pending {
    std::size_t missing;
    Deadline::Steady::time_point due;
    std::uint64_t begins;  // its first byte in the stream that we write
    std::vector<Value> values = {};
    End end = End::replied;
    std::move_only_function<void()> waiter = {};
    asio::cancellation_slot cancelled = {};
};

Connection::Connection(Executor executor, ConnectionOptions options)
    : executor_(executor),
      options_(std::move(options)),
      socket_(executor),
      deadlines_(executor, [this] { look_at_deadlines(); }),
      changed_(executor),
      tasks_(executor, "redis") {
    tasks_.spawn("connection", run());
}

Connection::~Connection() { *alive_ = false; }

Task<void> Connection::stop() {
    reported_ = true;  // on purpose: no loss for the log
    tasks_.cancel();
    co_await tasks_.join(Deadline::never());
    lose("stopped");
    deadlines_.cancel();
}

Task<bool> Connection::wait_up(Deadline deadline) {
    while (!up_)
        if (!co_await changed_.wait(deadline)) co_return up_;
    co_return true;
}

void Connection::drop() { lose("dropped"); }

Task<void> Connection::run() {
    Backoff backoff(first_pause, longest_pause);
    while (true) {
        std::string why;
        try {
            co_await within(Deadline::after(options_.connect_time), "redis: connecting", open());
            backoff.reset();
            co_await serve();
        } catch (const boost::system::system_error& e) { why = e.code().message(); } catch (const std::exception& e) {
            why = e.what();
        }
        lose(why);                       // even where drop() did: it was perhaps not up at all
        co_await pause(backoff.next());  // throws where we are being stopped
    }
}

Task<void> Connection::open() {
    co_await connect(co_await options_.resolver(Deadline::after(options_.connect_time)));
    parser_ = Parser();
    const Config& login = options_.login;
    Command hello("HELLO", 3);
    if (!login.password.empty())
        hello.add("AUTH").add(login.user.empty() ? std::string_view("default") : std::string_view(login.user)).add(login.password.reveal());
    co_await ask(std::move(hello.add("SETNAME").add("persona")));
    if (login.database != 0) co_await ask(Command("SELECT", login.database));
    up_ = true;
    reported_ = false;
    log(Level::info, "redis", "connected", {{"connection", options_.name}});
    changed_.notify();
    if (options_.on_up) options_.on_up();
}

Task<void> Connection::connect(Endpoint endpoint) {
    if (!endpoint.socket.empty()) {
        socket_ = Socket(executor_);
        co_await socket_.async_connect(asio::local::stream_protocol::endpoint(endpoint.socket), asio::use_awaitable);
    } else {
        asio::ip::tcp::resolver resolver(executor_);
        const auto addresses = co_await resolver.async_resolve(endpoint.host, std::to_string(endpoint.port), asio::use_awaitable);
        asio::ip::tcp::socket tcp(executor_);
        co_await asio::async_connect(tcp, addresses, asio::use_awaitable);
        tcp.set_option(asio::ip::tcp::no_delay(true));
        tcp.set_option(asio::socket_base::keep_alive(true));
        socket_ = Socket(std::move(tcp));
    }
    socket_.non_blocking(true);
}

// A step of the greeting, before anybody else may write.
Task<void> Connection::ask(Command command) {
    std::string wire;
    command.append_to(wire);
    co_await asio::async_write(socket_, asio::buffer(wire), asio::use_awaitable);
    while (true) {
        if (const auto reply = parser_.next()) {
            if (reply->is_error()) throw Unavailable("redis refuses us: " + reply->text);
            co_return;
        }
        co_await readable();
    }
}

Task<void> Connection::serve() {
    while (true) {
        while (auto value = parser_.next()) take(std::move(*value));
        co_await readable();
    }
}

Task<void> Connection::readable() {
    co_await socket_.async_wait(asio::socket_base::wait_read, asio::use_awaitable);
    static thread_local std::vector<char> bytes(read_at_once);  // used up before the next await
    error_code error;
    const auto count = socket_.read_some(asio::buffer(bytes), error);
    if (error && error != asio::error::would_block) throw Unavailable(error.message());
    parser_.feed({bytes.data(), count});
    progress_ = Deadline::Steady::now();
}

void Connection::take(Value value) {
    if (value.kind == Value::Kind::push) {
        if (options_.on_push) options_.on_push(std::move(value));
        return;
    }
    if (queue_.empty()) throw Error("redis: a reply that nobody asked for");
    const auto pending = queue_.front();
    pending->values.push_back(std::move(value));
    if (--pending->missing > 0) return;
    queue_.pop_front();
    finish(*pending, End::replied);
}

Task<std::vector<Value>> Connection::exchange(std::span<const Command> commands, Deadline deadline) {
    if (!up_) throw Unavailable("redis is not connected");
    if (queue_.size() >= most_waiting || out_.size() > most_unwritten) throw Unavailable("redis: too many commands wait");
    if (deadline.passed()) throw TimedOut("redis: the deadline had passed");
    if (commands.empty()) co_return std::vector<Value>();
    const auto pending = std::make_shared<Pending>(commands.size(), deadline.point(), asked_);
    pending->values.reserve(commands.size());
    const auto before = out_.size();
    for (const Command& command : commands) command.append_to(out_);
    asked_ += out_.size() - before;
    if (queue_.empty()) progress_ = Deadline::Steady::now();
    queue_.push_back(pending);
    schedule_flush();
    deadlines_.by(std::min(pending->due, progress_ + options_.stall_time));
    co_await wait(*pending);
    switch (pending->end) {
        case End::replied: co_return std::move(pending->values);
        case End::lost: throw ReplyLost("redis: the connection broke before the reply");
        case End::unsent: throw Unavailable("redis: the connection broke before the command was written");
        case End::timed_out: throw TimedOut("redis: no reply in time");
        case End::cancelled: break;
    }
    throw boost::system::system_error(asio::error::operation_aborted);
}

Task<void> Connection::wait(Pending& pending) {
    auto start = [this, &pending](auto handler) {
        pending.cancelled = asio::get_associated_cancellation_slot(handler);
        pending.waiter = [handler = std::move(handler)]() mutable { std::move(handler)(); };
        if (pending.cancelled.is_connected())
            pending.cancelled.assign([this, &pending](asio::cancellation_type) { finish(pending, End::cancelled); });
    };
    return asio::async_initiate<const asio::use_awaitable_t<>&, void()>(std::move(start), asio::use_awaitable);
}

// Posted: a caller that goes on here and now could change the queue under our hands.
void Connection::finish(Pending& pending, End end) {
    if (!pending.waiter) return;
    pending.end = end;
    asio::post(executor_, [waiter = std::exchange(pending.waiter, nullptr), slot = pending.cancelled]() mutable {
        slot.clear();
        waiter();
    });
}

void Connection::send_unanswered(const Command& command) {
    if (!up_) return;
    const auto before = out_.size();
    command.append_to(out_);
    asked_ += out_.size() - before;
    schedule_flush();
}

// Everything that is asked in this turn of the loop goes out together.
void Connection::schedule_flush() {
    if (std::exchange(flushing_, true)) return;
    asio::post(executor_, [this, alive = alive_] {
        if (*alive) flush();
    });
}

void Connection::flush() {
    while (up_ && out_at_ < out_.size()) {
        error_code error;
        const auto count = socket_.write_some(asio::buffer(out_.data() + out_at_, out_.size() - out_at_), error);
        out_at_ += count;
        written_ += count;
        if (error == asio::error::would_block) {
            socket_.async_wait(asio::socket_base::wait_write, [this, alive = alive_](error_code) {
                if (*alive) flush();
            });
            return;
        }
        if (error) {
            lose(error.message());
            break;
        }
    }
    flushing_ = false;
    if (!up_) return;
    out_.clear();
    out_at_ = 0;
}

// Everybody who waits learns whether his command was written. The closed socket then ends serve(), and run() connects anew.
void Connection::lose(const std::string& why) {
    error_code ignored;
    socket_.close(ignored);
    if (!std::exchange(reported_, true)) log(Level::warn, "redis", "not connected", {{"connection", options_.name}, {"why", why}});
    up_ = false;
    for (const auto& pending : queue_) finish(*pending, pending->begins < written_ ? End::lost : End::unsent);
    queue_.clear();
    out_.clear();
    out_at_ = 0;
    asked_ = written_ = 0;
}

void Connection::look_at_deadlines() {
    const auto now = Deadline::Steady::now();
    if (queue_.empty()) return;
    if (progress_ + options_.stall_time <= now) return lose("silent for too long");
    auto next = progress_ + options_.stall_time;
    for (const auto& pending : queue_) {
        if (pending->waiter && pending->due <= now) finish(*pending, End::timed_out);
        if (pending->waiter) next = std::min(next, pending->due);
    }
    deadlines_.by(next);
}

}  // namespace persona::redis

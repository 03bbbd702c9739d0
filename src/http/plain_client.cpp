#include "http/plain_client.hpp"

#include <fmt/format.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/redirect_error.hpp>
#include <charconv>

#include "http/response_reader.hpp"
#include "http/url.hpp"

namespace persona::http {

using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::string_view scheme = "http://";
constexpr std::size_t first_buffer = 4 << 10;
constexpr std::size_t largest_buffer = 128 << 10;
constexpr auto keep_idle = 30s;
constexpr std::string_view ours[] = {"Host", "Content-Length", "Transfer-Encoding", "Connection", "Expect"};

bool visible(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

// A name or an IPv4 address, with or without a port; users and IPv6 are left to libcurl.
bool plain_authority(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == 0 || text.empty() || text.find_first_of("@[") != text.npos) return false;
    if (colon == text.npos) return true;
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    return error == std::errc() && end == digits.data() + digits.size() && port != 0;
}

std::string wire_of(const Call& call, const std::string& authority, const std::string& path) {
    const auto& body = std::get<std::string>(call.body);
    std::string wire;
    wire.reserve(256 + body.size());
    wire.append(call.method)
        .append(" ")
        .append(path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(authority)
        .append("\r\nUser-Agent: persona\r\nAccept: */*\r\n");
    for (const auto& [name, value] : call.headers) {
        const bool own = std::ranges::any_of(ours, [&](std::string_view field) { return equal_ignoring_case(field, name); });
        if (!own) wire.append(name).append(": ").append(value).append("\r\n");
    }
    if (!body.empty() || (call.method != "GET" && call.method != "HEAD"))
        fmt::format_to(std::back_inserter(wire), "Content-Length: {}\r\n", body.size());
    return wire.append("\r\n").append(body);
}

}  // namespace

struct PlainClient::Target {
    std::string authority, host, port, path;
};

struct PlainClient::Connection {
    explicit Connection(const Executor& executor) : stream{tcp::socket(executor), std::vector<char>(first_buffer)} {}

    // Nothing has come on it since its last reply, not even its end.
    bool fresh() {
        char byte;
        return ::recv(stream.socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
    }

    struct Stream {
        tcp::socket socket;
        std::vector<char> in;
        std::size_t from = 0, to = 0;  // bytes of `in` that are read and not used
    } stream;
    Deadline::Steady::time_point due{}, idle_since{};
    bool timed_out = false;
    bool used = false;  // had a reply before
};

struct PlainClient::Host {
    explicit Host(const Executor& executor) : freed(executor) {}
    std::vector<std::unique_ptr<Connection>> idle;
    std::size_t open = 0;  // idle or leased
    Signal freed;
};

// One connection for one attempt; closed at the end unless keep() was called.
class PlainClient::Lease {
public:
    Lease(PlainClient& client, Host& host) : client_(client), host_(host), at_(client.busy_.end()) {}
    Lease(const Lease&) = delete;
    ~Lease() { end(false); }

    // False when the deadline passed while all connections were taken.
    Task<bool> take(Deadline deadline) {
        while (host_.idle.empty() && host_.open >= client_.max_host_connections_)
            if (!co_await host_.freed.wait(deadline)) co_return false;
        const auto oldest = Deadline::Steady::now() - keep_idle;
        while (!host_.idle.empty() && !connection_) {
            auto kept = std::move(host_.idle.back());
            host_.idle.pop_back();
            if (kept->idle_since > oldest && kept->fresh())
                connection_ = std::move(kept);
            else
                --host_.open;
        }
        if (!connection_) {
            ++host_.open;
            connection_ = std::make_unique<Connection>(client_.executor_);
        }
        at_ = client_.busy_.insert(client_.busy_.end(), connection_.get());
        co_return true;
    }

    void until(Deadline deadline) {
        connection_->due = deadline.point();
        client_.deadlines_.by(deadline.point());
    }
    void end(bool keep) {
        if (!connection_) return;
        client_.busy_.erase(at_);
        if (keep) {
            connection_->used = true;
            connection_->idle_since = Deadline::Steady::now();
            host_.idle.push_back(std::move(connection_));
        } else {
            connection_.reset();
            --host_.open;
        }
        host_.freed.notify_one();
    }
    Connection& operator*() { return *connection_; }
    Connection* operator->() { return connection_.get(); }

private:
    PlainClient& client_;
    Host& host_;
    std::list<Connection*>::iterator at_;
    std::unique_ptr<Connection> connection_;
};

PlainClient::PlainClient(Executor executor, std::size_t max_host_connections)
    : executor_(executor), max_host_connections_(max_host_connections), deadlines_(executor, [this] { look_at_deadlines(); }) {}

PlainClient::~PlainClient() = default;

bool PlainClient::takes(const Call& call) {
    const std::string_view url(call.url);
    if (!url.starts_with(scheme) || !std::holds_alternative<std::string>(call.body) || !visible(url) || !visible(call.method)) return false;
    if (url.find('#') != url.npos) return false;
    return plain_authority(url.substr(scheme.size(), url.find_first_of("/?", scheme.size()) - scheme.size()));
}

PlainClient::Target PlainClient::target_of(const std::string& url) {
    Target target;
    const auto end = std::min(url.find_first_of("/?", scheme.size()), url.size());
    target.authority = url.substr(scheme.size(), end - scheme.size());
    const auto colon = target.authority.find(':');
    target.host = target.authority.substr(0, colon);
    target.port = colon == std::string::npos ? "80" : target.authority.substr(colon + 1);
    target.path = end < url.size() && url[end] == '/' ? url.substr(end) : "/" + url.substr(end);
    return target;
}

// Throws where the caller was cancelled; a deadline closes the socket too, and is told apart by the mark.
void PlainClient::check(const Connection& connection, error_code error) {
    if (error == asio::error::operation_aborted && !connection.timed_out) throw boost::system::system_error(error);
}

Task<Result> PlainClient::send(Call call, Deadline deadline) {
    const Target target = target_of(call.url);
    auto& host = hosts_[target.authority];
    if (!host) host = std::make_unique<Host>(executor_);
    const std::string wire = wire_of(call, target.authority, target.path);
    while (true) {
        Lease lease(*this, *host);
        if (deadline.passed() || !co_await lease.take(deadline))
            co_return std::unexpected(
                Failure{Failure::Kind::not_sent, true, origin_of(call.url) + ": the deadline passed before the request was sent"});
        bool stale = false;
        Result result = co_await attempt(lease, call, target, deadline, wire, stale);
        if (!stale) co_return result;
        host->open -= host->idle.size();  // the others are as dead as this one was
        host->idle.clear();
        host->freed.notify();
    }
}

Task<void> PlainClient::connect(Connection& connection, const Target& target) {
    auto& socket = connection.stream.socket;
    error_code numeric;
    const auto address = asio::ip::make_address(target.host, numeric);
    if (!numeric) {
        co_await socket.async_connect({address, static_cast<std::uint16_t>(std::stoul(target.port))}, asio::use_awaitable);
    } else {
        tcp::resolver resolver(executor_);
        const auto found = co_await resolver.async_resolve(target.host, target.port, asio::use_awaitable);
        co_await asio::async_connect(socket, found, asio::use_awaitable);
    }
    socket.set_option(tcp::no_delay(true));
    socket.non_blocking(true);
}

// As much as goes; an error is left to the reading that follows: the peer may have answered and closed before the end.
Task<std::size_t> PlainClient::write(Connection& connection, std::string_view bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        error_code error;
        written += connection.stream.socket.write_some(asio::buffer(bytes.data() + written, bytes.size() - written), error);
        if (error == asio::error::would_block) {
            co_await connection.stream.socket.async_wait(tcp::socket::wait_write, asio::redirect_error(asio::use_awaitable, error));
            check(connection, error);
        }
        if (error) break;
    }
    co_return written;
}

// Reads until the reply is complete or cannot be; true when any byte of it came.
Task<bool> PlainClient::read(Connection& connection, ResponseReader& reader) {
    auto& [socket, in, from, to] = connection.stream;
    bool any = false;
    while (reader.state() == ResponseReader::State::reading) {
        if (from == to) from = to = 0;
        if (to == in.size() && in.size() == largest_buffer) break;
        if (to == in.size()) in.resize(in.size() * 2);
        error_code error;
        co_await socket.async_wait(tcp::socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
        check(connection, error);
        const auto count = error ? 0 : socket.read_some(asio::buffer(in.data() + to, in.size() - to), error);
        if (error == asio::error::would_block) continue;
        if (error == asio::error::eof) reader.end_of_stream();
        if (error) break;
        any = true;
        to += count;
        from += reader.feed({in.data() + from, to - from});
    }
    co_return any;
}

Task<Result> PlainClient::attempt(Lease& lease, Call& call, const Target& target, Deadline deadline, const std::string& wire, bool& stale) {
    using Kind = Failure::Kind;
    const auto failure = [&](Kind kind, std::string_view why) {
        return std::unexpected(
            Failure{kind, lease->timed_out, fmt::format("{}: {}", origin_of(call.url), lease->timed_out ? "the deadline passed" : why)});
    };
    if (!lease->stream.socket.is_open()) {
        lease.until(deadline.within(call.connect_time));
        try {
            co_await connect(*lease, target);
        } catch (const boost::system::system_error& e) {
            check(*lease, e.code());
            co_return failure(Kind::not_sent, e.code().message());
        }
    }
    lease.until(deadline);
    const auto written = co_await write(*lease, wire);
    ResponseReader reader(call);
    const bool any = co_await read(*lease, reader);
    if (reader.state() == ResponseReader::State::complete) {
        lease.end(reader.keep_alive() && lease->stream.from == lease->stream.to);
        co_return std::move(reader.reply());
    }
    if (reader.state() == ResponseReader::State::too_large) co_return failure(Kind::too_large, "the reply is too large");
    stale = lease->used && !any && !lease->timed_out && (written == 0 || call.safe_twice());
    co_return failure(written == 0 ? Kind::not_sent : Kind::unknown, "the connection ended before the reply");
}

void PlainClient::close() {
    error_code ignored;
    for (Connection* connection : busy_) connection->stream.socket.close(ignored);  // whoever still waits ends with a failure
    for (auto& [authority, host] : hosts_) {
        host->open -= host->idle.size();
        host->idle.clear();
    }
    deadlines_.cancel();
}

void PlainClient::look_at_deadlines() {
    const auto now = Deadline::Steady::now();
    auto next = Deadline::Steady::time_point::max();
    for (Connection* connection : busy_) {
        if (connection->due > now) {
            next = std::min(next, connection->due);
        } else if (!std::exchange(connection->timed_out, true)) {
            error_code ignored;
            connection->stream.socket.close(ignored);
        }
    }
    if (!busy_.empty()) deadlines_.by(next);
}

}  // namespace persona::http

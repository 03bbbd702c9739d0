#include "http/connection.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "async/within.hpp"
#include "base/log.hpp"
#include "http/response_head.hpp"

namespace persona::http {

using boost::system::error_code;

namespace {

constexpr std::size_t first_buffer = 8 << 10;
constexpr std::size_t largest_buffer = 64 << 10;
constexpr std::size_t join_below = 16 << 10;    // a body under this goes out in one write with its head
constexpr std::size_t drain_at_most = 4 << 20;  // of a refused body, so that the peer reads our answer before a reset
constexpr auto drain_time = 2s;

struct File {
    int descriptor = -1;
    File(const File&) = delete;
    explicit File(const std::filesystem::path& path) : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
    // Nothing where it is no regular file.
    std::optional<std::uint64_t> size() const {
        struct stat info{};
        if (descriptor < 0 || ::fstat(descriptor, &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
        return static_cast<std::uint64_t>(info.st_size);
    }
};

std::string address_of(const asio::ip::tcp::socket& socket) {
    error_code error;
    const auto peer = socket.remote_endpoint(error).address();
    if (error) return {};
    if (peer.is_v6() && peer.to_v6().is_v4_mapped()) return asio::ip::make_address_v4(asio::ip::v4_mapped, peer.to_v6()).to_string();
    return peer.to_string();
}

}  // namespace

// Frames what a producer writes.
class ConnectionWriter : public BodyWriter {
public:
    ConnectionWriter(Connection& connection, bool chunked) : connection_(connection), chunked_(chunked) {}

    Task<void> write(std::string_view bytes) override {
        if (bytes.empty()) co_return;  // an empty chunk would end the body
        if (!chunked_) {
            co_await connection_.write(bytes);
            co_return;
        }
        std::string chunk = fmt::format("{:x}\r\n", bytes.size());
        chunk.append(bytes).append("\r\n");
        co_await connection_.write(chunk);
    }

private:
    Connection& connection_;
    bool chunked_;
};

Connection::Connection(asio::ip::tcp::socket socket, Shared& shared)
    : socket_(std::move(socket)), shared_(shared), remote_(address_of(socket_)), in_(first_buffer) {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    due_in(shared_.config.idle_time);
}

void Connection::abort() {
    error_code ignored;
    socket_.close(ignored);
    stop_.emit(asio::cancellation_type::terminal);  // last: it may end run() here and now, and with it this object
}

void Connection::sweep() {
    if (shared_.now >= due_) return abort();
    if (phase_ != Phase::handling) return;
    char byte;
    const auto seen = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (seen == 0 || (seen < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)) abort();
}

Task<void> Connection::run() {
    try {
        while (co_await exchange()) {}
    } catch (const Unavailable&) {  // the peer is gone: nothing to say and nobody to say it to
    } catch (const boost::system::system_error&) {}
    error_code ignored;
    socket_.close(ignored);
}

// One request and its response; false when the connection ends.
Task<bool> Connection::exchange() {
    RequestReader reader;
    phase_ = from_ == to_ ? Phase::idle : Phase::reading;
    due_in(phase_ == Phase::idle ? shared_.config.idle_time : shared_.config.head_time);
    if (!co_await read_request(reader)) co_return false;

    const bool http_1_0 = reader.http_1_0();
    bool keep_alive = reader.keep_alive();
    phase_ = Phase::handling;
    due_ = no_deadline;
    Request& request = reader.request();
    request.remote = remote_;
    const bool head_only = request.method == "HEAD";
    Response response = co_await handle(std::move(request));

    const bool streams = std::holds_alternative<BodyProducer>(response.body);
    keep_alive = keep_alive && !shared_.stopping && !(streams && http_1_0);
    co_await send(std::move(response), head_only, http_1_0, keep_alive);
    co_return keep_alive;
}

Task<bool> Connection::read_request(RequestReader& reader) {
    using State = RequestReader::State;
    bool limited = false;
    while (true) {
        from_ += reader.feed({in_.data() + from_, to_ - from_});
        if (reader.state() == State::body && !limited) {
            limited = true;
            due_in(shared_.config.body_time);
            reader.request().remote = remote_;
            reader.limit_body(shared_.config.body_limit ? shared_.config.body_limit(reader.request()) : shared_.config.max_body);
            if (reader.state() == State::body && reader.expects_continue()) co_await write("HTTP/1.1 100 Continue\r\n\r\n");
            if (reader.state() == State::body && from_ < to_) continue;
        }
        if (reader.state() == State::complete) co_return true;
        if (reader.state() == State::failed) {
            co_await refuse(reader.failure());
            co_return false;
        }
        if (to_ - from_ == largest_buffer) {  // a chunk's head without an end
            co_await refuse(400);
            co_return false;
        }
        if (shared_.stopping && phase_ == Phase::idle) co_return false;
        if (!co_await fill()) co_return false;
        if (phase_ == Phase::idle) {
            phase_ = Phase::reading;
            due_in(shared_.config.head_time);
        }
    }
}

void Connection::make_room() {
    if (from_ > 0) {
        std::memmove(in_.data(), in_.data() + from_, to_ - from_);
        to_ -= from_;
        from_ = 0;
    }
    if (to_ == in_.size()) in_.resize(std::min(in_.size() * 2, largest_buffer));
}

// False at the end of the stream. Waits before it reads: after a response the next request is seldom there already,
// and a read in vain is a system call more than a wait.
Task<bool> Connection::fill() {
    if (from_ == to_) from_ = to_ = 0;
    if (from_ > 0 || to_ == in_.size()) make_room();
    while (true) {
        co_await socket_.async_wait(asio::socket_base::wait_read, asio::use_awaitable);
        error_code error;
        const auto count = socket_.read_some(asio::buffer(in_.data() + to_, in_.size() - to_), error);
        to_ += count;
        if (!error) co_return true;
        if (error != asio::error::would_block) co_return false;
    }
}

Task<Response> Connection::handle(Request request) {
    const std::string method = request.method;
    try {
        co_return co_await shared_.handler(std::move(request));
    } catch (const Unavailable& e) {
        log(Level::warn, "http", "request not served now", {{"method", method}, {"error", e.what()}});
        Response response = Response::empty(503);
        response.headers.add("Retry-After", "5");
        co_return response;
    } catch (const std::exception& e) {
        if (is_cancelled(e)) throw;
        log(Level::error, "http", "handler failed", {{"method", method}, {"error", e.what()}});
    }
    co_return Response::text(500, "Internal Server Error\n");
}

Task<void> Connection::send(Response response, bool head_only, bool http_1_0, bool keep_alive) {
    head_only = head_only || bodiless(response.status);
    if (auto* file = std::get_if<FileBody>(&response.body)) {
        const File open(file->path);
        const auto size = open.size();
        if (!size || file->offset > *size) {
            co_await send(Response::text(size ? 416 : 404, std::string(reason_phrase(size ? 416 : 404)) + "\n"), head_only, http_1_0, keep_alive);
            co_return;
        }
        const auto length = std::min(file->size.value_or(*size), *size - file->offset);
        co_await write(head_of(response, shared_.date, length, http_1_0, keep_alive));
        if (!head_only) co_await send_file(open.descriptor, file->offset, length);
    } else if (auto* producer = std::get_if<BodyProducer>(&response.body)) {
        co_await write(head_of(response, shared_.date, std::nullopt, http_1_0, keep_alive));
        if (!head_only) co_await send_stream(std::move(*producer), !http_1_0);
    } else {
        const auto& body = std::get<std::string>(response.body);
        std::string head = head_of(response, shared_.date, body.size(), http_1_0, keep_alive);
        const bool whole = !head_only && body.size() < join_below;
        if (whole) head += body;
        std::string_view rest(head);
        if (!write_now(rest)) co_await write(rest);
        if (!whole && !head_only) co_await write(body);
    }
}

Task<void> Connection::send_file(int file, std::uint64_t offset, std::uint64_t size) {
    auto at = static_cast<off_t>(offset);
    while (size > 0) {
        const auto sent = ::sendfile(socket_.native_handle(), file, &at, std::min<std::uint64_t>(size, 1 << 20));
        if (sent > 0)
            size -= static_cast<std::uint64_t>(sent);
        else if (sent < 0 && (errno == EAGAIN || errno == EINTR))
            co_await writable();
        else
            throw Unavailable("the file ended early or the peer is gone");  // the length is promised: only a cut tells the peer
    }
}

Task<void> Connection::send_stream(BodyProducer producer, bool chunked) {
    ConnectionWriter writer(*this, chunked);
    try {
        co_await producer(writer);
    } catch (const Unavailable&) { throw; } catch (const std::exception& e) {
        if (!is_cancelled(e)) log(Level::error, "http", "stream failed", {{"error", e.what()}});
        throw Unavailable("stream failed");
    }
    if (chunked) co_await write("0\r\n\r\n");
}

// Answers a request that was not understood, then reads on for a while: closing with unread bytes resets the connection
// and the peer would lose the answer.
Task<void> Connection::refuse(unsigned status) {
    phase_ = Phase::closing;
    due_in(drain_time);
    const Response response = Response::text(status, std::string(reason_phrase(status)) + "\n");
    co_await write(head_of(response, shared_.date, std::get<std::string>(response.body).size(), false, false) + std::get<std::string>(response.body));
    due_in(drain_time);
    error_code ignored;
    socket_.shutdown(asio::socket_base::shutdown_send, ignored);
    for (std::size_t drained = 0; drained < drain_at_most; drained += to_) {
        from_ = to_ = 0;
        if (!co_await fill()) break;
    }
}

// True when all went out at once, which is the common case and needs no coroutine.
bool Connection::write_now(std::string_view& bytes) {
    while (!bytes.empty()) {
        error_code error;
        bytes.remove_prefix(socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error));
        if (error == asio::error::would_block) return false;
        if (error) throw Unavailable("the peer is gone");
    }
    return true;
}

Task<void> Connection::write(std::string_view bytes) {
    while (!write_now(bytes)) co_await writable();
}

Task<void> Connection::writable() {
    const auto before = due_;
    due_in(shared_.config.write_time);
    co_await socket_.async_wait(asio::socket_base::wait_write, asio::use_awaitable);
    due_ = before;
}

}  // namespace persona::http

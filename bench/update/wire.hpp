// The least of HTTP/1.1 that two programs on one machine need: messages with Content-Length on kept connections, no threads,
// one epoll. It is here, and not src/http, so that the load takes little of the core that the servers share with it.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::bench {

struct HttpMessage {
    std::string_view first_line, head, body;
};

// A connected, non-blocking TCP socket; closes it.
class Wire {
public:
    explicit Wire(int fd) : fd_(fd) {}
    Wire(const Wire&) = delete;
    ~Wire();
    static int connect(int port);  // to 127.0.0.1; throws Error

    int fd() const { return fd_; }
    // What has come, message by message. False when the peer has closed. Throws Error on a body without Content-Length.
    bool read(const std::function<void(const HttpMessage&)>& take);
    // Small messages only: what the socket's buffer does not take at once is an Error.
    void write(std::string_view bytes);

private:
    bool next(std::size_t& at, const std::function<void(const HttpMessage&)>& take);

    int fd_;
    std::string in_;
};

// Calls back when a descriptor can be read.
class Poll {
public:
    Poll();
    ~Poll();
    void add(int fd, std::function<void()>* readable);  // the function stays where it is until the descriptor is closed
    // For a descriptor that others have too: its end would be reported for ever. What is closed here alone needs no removing.
    void remove(int fd);
    // Waits for what comes first, and gives each descriptor its turn.
    void turn(std::chrono::nanoseconds wait);
    // After this turn: the place to end a descriptor whose turn it is.
    void later(std::function<void()> action) { later_.push_back(std::move(action)); }

private:
    int epoll_;
    std::vector<std::function<void()>> later_;
};

}  // namespace persona::bench

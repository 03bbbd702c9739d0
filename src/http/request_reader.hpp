// HTTP/1.1 requests out of bytes: a state machine without a socket (RFC 9112). One reader a request.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/message.hpp"

namespace persona::http {

class RequestReader {
public:
    enum class State {
        head,      // the head is not complete
        body,      // the head is known, the body is not complete
        complete,  // request() is whole; the bytes that follow belong to the next request
        failed,    // answer failure() and close
    };

    RequestReader();
    RequestReader(const RequestReader&) = delete;
    ~RequestReader();

    // Takes bytes and returns how many were used. Stops after the head, so that the caller can choose limit_body for this route.
    // In State::head bytes may stay unused until more have come: give them again, together with what follows.
    std::size_t feed(std::string_view bytes);
    State state() const { return state_; }
    // Call in State::body; more than this, announced or sent, fails with 413.
    void limit_body(std::size_t bytes);

    Request& request() { return request_; }
    // 400, 413, 431 or 505.
    unsigned failure() const { return failure_; }
    bool keep_alive() const;
    bool http_1_0() const;
    // The peer waits for "100 Continue" before it sends the body.
    bool expects_continue() const;

private:
    struct Parser;
    void fail(unsigned status);

    Request request_;
    State state_ = State::head;
    unsigned failure_ = 0;
    std::unique_ptr<Parser> parser_;
};

// A head longer than this is answered with 431.
inline constexpr std::size_t max_head_bytes = 16 << 10;

}  // namespace persona::http

// HTTP/1.1 responses out of bytes: a state machine without a socket (RFC 9112). One reader a response. Private to http/.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "http/call.hpp"

namespace persona::http {

class ResponseReader {
public:
    enum class State {
        reading,
        complete,   // reply() is whole
        broken,     // no HTTP, or cut off
        too_large,  // the body went over the call's max_response
    };

    // The call gives method, sink and limit; it must outlive the reader.
    explicit ResponseReader(Call& call);
    ~ResponseReader();
    ResponseReader(const ResponseReader&) = delete;

    // Takes bytes and returns how many were used; while reading, give what was not used again together with what follows.
    // What the call's sink throws comes out of here.
    std::size_t feed(std::string_view bytes);
    // The stream has ended: completes a body without a length, breaks everything else.
    void end_of_stream();
    State state() const { return state_; }
    Reply& reply() { return reply_; }
    bool keep_alive() const;

private:
    struct Parser;
    template <class F>
    void step(F act);

    Call& call_;
    Reply reply_;
    State state_ = State::reading;
    std::unique_ptr<Parser> parser_;
};

}  // namespace persona::http

// The child's side of child_wire.hpp: messages to standard output. All of it blocks while the parent is busy; a parent that has gone ends
// this process (SIGPIPE).
#pragma once

#include "media/child_wire.hpp"

namespace persona::media {

// size: at most wire::max_body.
void send(wire::Kind kind, const void* body, std::size_t size);
// An info or an end, which are plain structs.
template <class Body>
void send(wire::Kind kind, const Body& body) {
    static_assert(std::is_trivially_copyable_v<Body> && sizeof(Body) <= wire::max_body);
    send(kind, &body, sizeof body);
}
// Any number of bytes; split into bodies within the bound, each of an even size but the last.
void send_data(ByteView bytes);

}  // namespace persona::media

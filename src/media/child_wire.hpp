// What the programs that read hostile files (persona-decoder, persona-picture) write to their standard output: messages of a kind, a
// size and a body. Both ends are one build on one machine, so numbers have its byte order. The parent believes none of it beyond these
// bounds; what the bodies hold stands in decode_wire.hpp and picture_wire.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <type_traits>

#include "base/bytes.hpp"

namespace persona::media::wire {

enum class Kind : std::uint32_t { info = 1, data = 2, end = 3 };

struct Header {
    Kind kind;
    std::uint32_t size;  // bytes of body
};
inline constexpr std::uint32_t max_body = 64 << 10;

struct Message {
    Kind kind;
    ByteView body;  // valid until the next call of the reader
};

// Cuts a stream of bytes into messages. A size above the bound or an unknown kind is a broken child: `broken` stays true.
class Reader {
public:
    void append(ByteView bytes);
    std::optional<Message> next();
    bool broken() const { return broken_; }

private:
    Bytes buffer_;
    std::size_t begin_ = 0;
    bool broken_ = false;
};

template <class T>
std::optional<T> read_body(ByteView body) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (body.size() != sizeof(T)) return {};
    T value;
    __builtin_memcpy(&value, body.data(), sizeof(T));
    return value;
}

}  // namespace persona::media::wire

// What persona-decoder writes to its standard output: messages of a kind, a size and a body. Both ends are one build on one
// machine, so numbers have its byte order. The child parses hostile files: the parent believes none of it beyond these bounds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/bytes.hpp"

namespace persona::media::wire {

inline constexpr int rate = 16000;  // samples a second, mono, 16 bits

enum class Kind : std::uint32_t { info = 1, samples = 2, end = 3 };

struct Header {
    Kind kind;
    std::uint32_t size;  // bytes of body
};
inline constexpr std::uint32_t max_body = 64 << 10;

struct Info {
    std::uint32_t has_audio;
    std::uint32_t has_video;  // moving pictures; a cover is none
    char codec[24];           // libavcodec's name of the sound, ended by zero
};

enum class Verdict : std::uint32_t { complete, truncated, no_audio, too_long, not_media, failed };

struct End {
    Verdict verdict;
    std::uint32_t bad_packets;
    std::uint64_t samples;  // decoded, whether sent or only counted
};

// Arguments of persona-decoder, in this order, after its name.
enum Argument : int { demuxer = 1, mode, max_samples, memory_bytes, cpu_seconds, parent_pid, argument_count };
inline constexpr const char* mode_measure = "measure";
inline constexpr const char* mode_decode = "decode";

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

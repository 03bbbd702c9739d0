// RESP3, the protocol of Redis 6 and later, as a state machine without a socket (https://redis.io/docs/reference/protocol-spec).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::redis {

// A reply. Sets and pushes are lists too; a map is a list of key, value, key, value.
struct Value {
    enum class Kind { null, text, error, integer, real, boolean, list, map, push };

    Kind kind = Kind::null;
    std::int64_t number = 0;  // integer; boolean as 0 and 1
    double real = 0;
    std::string text;          // text (simple, bulk, verbatim, big number); error with its code first: "NOSCRIPT No matching script"
    std::vector<Value> items;  // list, map, push

    bool is_null() const { return kind == Kind::null; }
    bool is_error() const { return kind == Kind::error; }
    // "NOSCRIPT" of an error.
    std::string_view error_code() const { return std::string_view(text).substr(0, text.find(' ')); }
    // The value behind this key of a map; null where there is none.
    const Value* find(std::string_view key) const;
};

struct Limits {
    std::size_t depth = 16;
    std::size_t items = 1 << 20;    // of one list, at any depth
    std::size_t bytes = 128 << 20;  // of one reply
};

class Parser {
public:
    explicit Parser(Limits limits = {}) : limits_(limits) {}

    void feed(std::string_view bytes);
    // The next complete reply or push; nothing until more bytes have come. Throws Error on what is not RESP3 or over a limit;
    // the connection is then of no more use.
    std::optional<Value> next();

private:
    struct Frame {
        Value value;
        std::size_t missing;
        bool attribute;  // metadata before a reply: read and dropped
    };
    std::optional<std::string_view> line();
    std::optional<std::string_view> bulk(std::size_t size);
    // A value without parts, or nothing where bytes are missing or a frame was opened.
    bool step(std::optional<Value>& out);
    void open(char type, std::string_view count);
    void close_into(Value value, std::optional<Value>& out);
    void compact();

    Limits limits_;
    std::string buffer_;
    std::size_t at_ = 0;       // of the first byte that is not used
    std::size_t scanned_ = 0;  // no end of line before this
    std::size_t reply_bytes_ = 0;
    std::optional<std::size_t> bulk_size_;  // the head of a bulk was read, its body not
    char bulk_type_ = 0;
    std::vector<Frame> frames_;
};

}  // namespace persona::redis

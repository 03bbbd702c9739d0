// What a test wants to go wrong, asked for by number: "the next two sendMessage calls answer 500".
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/json.hpp"

namespace persona::sandbox {

struct Fault {
    enum class Kind {
        refuse,       // answer with `status` and `description` without executing
        drop_before,  // close the connection without executing
        drop_after,   // execute, then close the connection without an answer
        slow          // execute, answer after `delay`; a file trickles that long
    };
    std::int64_t id = 0;
    std::string method = "*";  // any letter case; "*" is every method but getUpdates; "file" is the download of a file
    std::optional<std::int64_t> chat_id;
    Kind kind = Kind::refuse;
    std::string name;  // of the kind, as it was asked for
    int count = 1;
    int status = 500;
    std::string description;
    std::optional<std::int64_t> retry_after;  // seconds, of 429
    std::chrono::milliseconds delay{0};
};

class Faults {
public:
    // {"method","chat_id","kind": "429"|"500"|"error"|"drop_before"|"drop_after"|"slow","count","status","description",
    //  "retry_after","delay_ms"}. The error is a sentence for the caller.
    std::expected<Fault, std::string> add(const json::object& wanted);
    // The first fault that fits uses up one of its count.
    std::optional<Fault> take(std::string_view method, std::int64_t chat_id);
    void clear() { pending_.clear(); }
    json::array list() const;

private:
    std::list<Fault> pending_;
    std::int64_t next_ = 1;
};

}  // namespace persona::sandbox

// Every request that a bot made, for tests to read: parameters, violations of the Bot API, the answer. The last 20,000.
#pragma once

#include <deque>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "sandbox/json.hpp"
#include "sandbox/schema/validate.hpp"

namespace persona::sandbox {

struct Recorded {
    std::uint64_t seq = 0;
    Time at;
    BotId bot;
    std::string method;
    json::object params;  // without the bytes of files
    Violations violations;
    int status = 0;  // 0: not answered yet, or the connection was dropped on purpose
    std::string description;
};

class Recorder {
public:
    std::uint64_t add(Recorded call);
    void answered(std::uint64_t seq, int status, std::string_view description);
    void violated(std::uint64_t seq, std::string violation);
    // Calls with seq > since, oldest first, at most `limit`; only those of one method where it is named.
    json::array since(std::uint64_t seq, std::string_view method, std::size_t limit) const;
    json::array violations() const;
    std::uint64_t last() const { return next_ - 1; }
    void clear() { calls_.clear(); }

private:
    Recorded* find(std::uint64_t seq);
    std::deque<Recorded> calls_;
    std::uint64_t next_ = 1;
};

}  // namespace persona::sandbox

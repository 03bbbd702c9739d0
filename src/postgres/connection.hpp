// One connection in pipeline mode: a batch of statements is sent at once, ends with one Sync and is one transaction.
// Owned by the pool; used by one coroutine at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "postgres/error.hpp"
#include "postgres/query.hpp"

namespace persona::postgres {

class Connection {
public:
    // Throws Unavailable when the server cannot be reached in time.
    static Task<std::unique_ptr<Connection>> open(std::string dsn, Deadline deadline);
    ~Connection();

    // All statements or none. Throws SqlError, TimedOut or Unavailable; after the last two the outcome is unknown and the
    // connection is broken. A cancelled caller leaves it broken too.
    Task<Result<std::vector<Rows>>> run(const std::vector<Statement>& statements, Deadline deadline);

    bool broken() const { return broken_; }

private:
    struct Socket;
    Connection(std::unique_ptr<Socket> socket);
    Task<Result<std::vector<Rows>>> converse(const std::vector<Statement>& statements);
    Task<void> flush();
    Task<void> readable();
    Task<Rows> next_result();
    void send(const Statement& statement);

    std::unique_ptr<Socket> socket_;
    std::unordered_set<std::string_view> prepared_;  // by name: a Query lives as long as the program
    bool broken_ = false;
};

}  // namespace persona::postgres

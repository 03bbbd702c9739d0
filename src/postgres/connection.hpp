// One connection in pipeline mode: a transaction is statements that end with one Sync; several go out at once.
// Owned by the pool; used by one coroutine at a time.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "async/deadline.hpp"
#include "async/task.hpp"
#include "postgres/error.hpp"
#include "postgres/query.hpp"

namespace persona::postgres {

// What became of one transaction: rows of each statement, or the error with which the server undid all of it.
struct Outcome {
    std::vector<Rows> rows;
    std::optional<SqlError> error;
};

class Connection {
public:
    // Throws Unavailable when the server cannot be reached in time.
    static Task<std::unique_ptr<Connection>> open(std::string dsn, Deadline deadline);
    ~Connection();

    // Each of the transactions is all or nothing by itself, in this order; one that fails does not touch the others. Several
    // share one wait for the disk: none is reported before all are durable. Throws TimedOut or Unavailable: then the outcome of
    // all is unknown and the connection is broken. A cancelled caller leaves it broken too.
    // The statements must live until the return.
    Task<std::vector<Outcome>> run(std::span<const std::vector<Statement>* const> transactions, Deadline deadline);
    Task<Outcome> run(const std::vector<Statement>& transaction, Deadline deadline);

    bool broken() const { return broken_; }

private:
    struct Socket;
    Connection(std::unique_ptr<Socket> socket);
    Task<std::vector<Outcome>> converse(std::span<const std::vector<Statement>* const> transactions);
    std::vector<const Query*> send(const std::vector<Statement>& transaction);
    Task<Outcome> receive(const std::vector<const Query*>& answers);
    Task<void> flush();
    Task<void> readable();
    Task<Rows> next_result();
    void send(const Statement& statement);

    std::unique_ptr<Socket> socket_;
    std::unordered_set<std::string_view> prepared_;  // by name: a Query lives as long as the program
    bool broken_ = false;
};

}  // namespace persona::postgres

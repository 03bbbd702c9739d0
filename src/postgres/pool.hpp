// A bounded set of connections, opened when first needed, waited for in order of arrival. Owned by main; one thread.
#pragma once

#include <deque>
#include <memory>
#include <string>

#include "async/signal.hpp"
#include "base/secret.hpp"
#include "postgres/connection.hpp"
#include "postgres/work.hpp"

namespace persona::postgres {

struct PoolConfig {
    Secret dsn;            // libpq conninfo or postgresql:// URL
    std::size_t size = 8;  // connections
    std::chrono::milliseconds statement_timeout{5000};  // the server gives up before callers pile up behind it
};

class Pool {
public:
    Pool(Executor executor, PoolConfig config);

    // All of the Work or nothing. Deadlocks and serialisation failures are run again, at most three times.
    // A Refusal means that a rule said no and nothing happened. Throws Unavailable or TimedOut when the outcome is unknown:
    // a caller that tries again relies on the keys inside its Work.
    Task<Result<Committed>> commit(Work work, Deadline deadline);

    // One statement that only reads. Tried once more on a fresh connection when an idle one turned out to be dead.
    template <class... Args>
    Task<Rows> read(Deadline deadline, const Query& query, Args... args) {
        return read_statement(Statement::of(query, args...), deadline);
    }

    // Closes idle connections; those in use close when they are given back.
    void close();
    std::size_t in_use() const { return open_ - idle_.size(); }

private:
    struct Lease;
    Task<Rows> read_statement(Statement statement, Deadline deadline);
    Task<Result<Committed>> once(const std::vector<Statement>& statements, Deadline deadline);
    Task<std::unique_ptr<Connection>> take(Deadline deadline);
    void give(std::unique_ptr<Connection> connection);

    Executor executor_;
    PoolConfig config_;
    Signal freed_;
    std::deque<std::unique_ptr<Connection>> idle_;
    std::size_t open_ = 0, waiting_ = 0;
    bool closed_ = false;
};

}  // namespace persona::postgres

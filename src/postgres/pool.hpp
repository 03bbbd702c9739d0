// A bounded set of connections, opened when first needed, waited for in order of arrival. Owned by main; one thread.
#pragma once

#include <memory>

#include "base/secret.hpp"
#include "postgres/connection.hpp"
#include "postgres/work.hpp"

namespace persona::postgres {

struct PoolConfig {
    Secret dsn;               // libpq conninfo or postgresql:// URL
    std::size_t size = 8;     // connections
    std::size_t writers = 2;  // of them for Works; what comes while they are busy goes out together (docs/adr/0020-commits-together.md)
    std::chrono::milliseconds statement_timeout{5000};  // the server gives up before callers pile up behind it
};

class Pool {
public:
    Pool(Executor executor, PoolConfig config);
    ~Pool();

    // All of the Work or nothing, durable. Deadlocks and serialisation failures are run again, at most three times.
    // A Refusal means that a rule said no and nothing happened. Throws Unavailable or TimedOut when the outcome is unknown:
    // a caller that tries again relies on the keys inside its Work. So it is for a caller that is cancelled: its Work goes on.
    Task<Result<Committed>> commit(Work work, Deadline deadline);

    // One statement that only reads. Tried once more on a fresh connection when an idle one turned out to be dead.
    template <class... Args>
    Task<Rows> read(Deadline deadline, const Query& query, Args... args) {
        return read_statement(Statement::of(query, args...), deadline);
    }

    // Closes idle connections; those in use close when they are given back.
    void close();
    std::size_t in_use() const;

private:
    struct State;
    Task<Rows> read_statement(Statement statement, Deadline deadline);

    std::shared_ptr<State> state_;  // shared with the writers, which end by themselves
};

}  // namespace persona::postgres

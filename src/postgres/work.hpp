// A Work is what one event changes: calls of SQL functions that raise a coded error when their rule fails, sent as one
// pipelined transaction. Capabilities append to it (wallet::hold(work, …)); whoever began it commits it.
#pragma once

#include <vector>

#include "postgres/query.hpp"

namespace persona::postgres {

class Work {
public:
    // The place of this statement's rows in Committed.
    template <class... Args>
    std::size_t add(const Query& query, const Args&... args) {
        statements_.push_back(Statement::of(query, args...));
        return statements_.size() - 1;
    }
    bool empty() const { return statements_.empty(); }
    const std::vector<Statement>& statements() const { return statements_; }

private:
    std::vector<Statement> statements_;
};

// One Rows for each statement, in order.
using Committed = std::vector<Rows>;

}  // namespace persona::postgres

#include "postgres/pool.hpp"

#include <libpq-fe.h>

#include <fmt/format.h>

#include "base/assert.hpp"

namespace persona::postgres {
namespace {

constexpr int tries = 4;             // one and three more, after 40P01 or 40001
constexpr std::size_t most_waiting = 10'000;

// Session settings go into the connection string: no round trip after connecting.
std::string with_session(const PoolConfig& config) {
    char* error = nullptr;
    PQconninfoOption* options = PQconninfoParse(config.dsn.reveal().c_str(), &error);
    if (!options) {
        PQfreemem(error);
        throw BadConfig("DATABASE_URL is not a PostgreSQL connection string");
    }
    std::string out;
    for (auto* option = options; option->keyword; ++option) {
        if (!option->val || std::string_view(option->keyword) == "options") continue;
        out += option->keyword;
        out += "='";
        for (const char* c = option->val; *c; ++c) {
            if (*c == '\'' || *c == '\\') out += '\\';
            out += *c;
        }
        out += "' ";
    }
    PQconninfoFree(options);
    return out + fmt::format("application_name=persona client_encoding=UTF8 options='-c timezone=UTC -c datestyle=ISO -c statement_timeout={}'",
                             config.statement_timeout.count());
}

}  // namespace

Pool::Pool(Executor executor, PoolConfig config) : executor_(executor), config_(std::move(config)), freed_(executor) {
    config_.dsn = Secret(with_session(config_));
}

// Gives the place back whatever happens to the coroutine that holds it.
struct Pool::Lease {
    Pool& pool;
    std::unique_ptr<Connection> connection;

    ~Lease() { pool.give(std::move(connection)); }
};

Task<std::unique_ptr<Connection>> Pool::take(Deadline deadline) {
    if (closed_) throw Unavailable("the PostgreSQL pool is closed");
    while (idle_.empty() && open_ >= config_.size) {
        if (waiting_ >= most_waiting) throw Unavailable("too many callers wait for PostgreSQL");
        ++waiting_;
        struct Leave {
            std::size_t& count;
            ~Leave() { --count; }
        } leave{waiting_};
        if (!co_await freed_.wait(deadline)) throw TimedOut("no PostgreSQL connection became free in time");
    }
    if (!idle_.empty()) {
        auto connection = std::move(idle_.back());  // the warmest one: its statements are prepared
        idle_.pop_back();
        co_return connection;
    }
    ++open_;
    struct Undo {
        Pool* pool;
        ~Undo() {
            if (pool) pool->give(nullptr);
        }
    } undo{this};
    auto connection = co_await Connection::open(config_.dsn.reveal(), deadline.within(5s));
    undo.pool = nullptr;
    co_return connection;
}

void Pool::give(std::unique_ptr<Connection> connection) {
    if (connection && !connection->broken() && !closed_)
        idle_.push_back(std::move(connection));
    else
        --open_;
    freed_.notify();
}

Task<Result<Committed>> Pool::once(const std::vector<Statement>& statements, Deadline deadline) {
    Lease lease{*this, co_await take(deadline)};
    co_return co_await lease.connection->run(statements, deadline);
}

Task<Result<Committed>> Pool::commit(Work work, Deadline deadline) {
    PERSONA_ASSERT(!work.empty());
    for (int left = tries;;) {
        try {
            co_return co_await once(work.statements(), deadline);
        } catch (const SqlError& e) {
            if ((e.state != "40P01" && e.state != "40001") || --left == 0) throw;
        }
    }
}

Task<Rows> Pool::read_statement(Statement statement, Deadline deadline) {
    std::vector<Statement> one;
    one.push_back(std::move(statement));
    const bool warm = !idle_.empty();
    for (bool again = warm;; again = false) {
        try {
            auto result = co_await once(one, deadline);
            if (!result) throw SqlError(result.error().code, result.error().detail);
            co_return std::move(result->front());
        } catch (const TimedOut&) {
            throw;
        } catch (const Unavailable&) {
            if (!again) throw;
        }
        open_ -= idle_.size();  // one dead idle connection means that the server restarted: all of them are dead
        idle_.clear();
    }
}

void Pool::close() {
    closed_ = true;
    open_ -= idle_.size();
    idle_.clear();
    freed_.notify();
}

}  // namespace persona::postgres

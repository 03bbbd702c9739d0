#include "postgres/pool.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <deque>
#include <list>

#include "async/signal.hpp"
#include "base/assert.hpp"

namespace persona::postgres {
namespace {

constexpr int tries = 4;  // one and three more
constexpr std::size_t most_waiting = 10'000;
constexpr std::size_t most_together = 32;  // Works of one round trip
constexpr auto too_long = 50ms;            // a Work that waits so long behind others (a lock?) gets one more writer
constexpr auto writer_patience = 5s;       // for a connection; the callers' own deadlines end their waits

// Deadlock, serialisation failure; and a statement whose preparation was undone with the failed transaction before it.
bool is_passing(const SqlError& error) { return error.state == "40P01" || error.state == "40001" || error.state == "26000"; }

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
    return out +
           fmt::format("application_name=persona client_encoding=UTF8 options='-c timezone=UTC -c datestyle=ISO -c jit=off -c statement_timeout={}'",
                       config.statement_timeout.count());
}

// A Work that waits for its turn or runs, and the caller that waits for it.
struct Order {
    Work work;
    Deadline deadline;
    Deadline::Steady::time_point since;
    Signal ended;
    std::optional<Outcome> outcome = {};
    std::exception_ptr error = {};  // the outcome is unknown
    bool started = false, gone = false;

    Order(const Executor& executor, Work work_, Deadline until)
        : work(std::move(work_)), deadline(until), since(Deadline::Steady::now()), ended(executor) {}
};
using Orders = std::vector<std::shared_ptr<Order>>;

}  // namespace

struct Pool::State : std::enable_shared_from_this<State> {
    struct Lease;
    State(Executor executor_, PoolConfig config_) : executor(executor_), config(std::move(config_)), freed(executor_) {}

    Task<std::unique_ptr<Connection>> take(Deadline deadline);
    void give(std::unique_ptr<Connection> connection);
    Task<Outcome> once(const std::vector<Statement>& statements, Deadline deadline);

    void order(std::shared_ptr<Order> added);
    Orders next_orders();
    Task<Outcome> have_written(std::shared_ptr<Order> mine);
    void start_writer();
    static Task<void> write_all(std::shared_ptr<State> self);
    Task<void> write_some(Connection& connection);
    static void fail(const Orders& orders, const std::exception_ptr& error);
    void close();

    Executor executor;
    PoolConfig config;
    Signal freed;
    std::deque<std::unique_ptr<Connection>> idle;
    std::size_t open = 0, waiting = 0;
    std::deque<std::shared_ptr<Order>> queue;
    std::list<asio::cancellation_signal> writers;
    bool closed = false;
};

// Gives the place back whatever happens to the coroutine that holds it.
struct Pool::State::Lease {
    State& pool;
    std::unique_ptr<Connection> connection;

    ~Lease() { pool.give(std::move(connection)); }
};

// Whoever comes while others wait goes behind them, and only the first of them is woken for a connection.
Task<std::unique_ptr<Connection>> Pool::State::take(Deadline deadline) {
    for (bool woken = false; (idle.empty() && open >= config.size) || (!woken && waiting > 0);) {
        if (waiting >= most_waiting) throw Unavailable("too many callers wait for PostgreSQL");
        ++waiting;
        struct Leave {
            std::size_t& count;
            ~Leave() { --count; }
        } leave{waiting};
        if (!co_await freed.wait(deadline)) throw TimedOut("no PostgreSQL connection became free in time");
        woken = true;
    }
    if (closed) throw Unavailable("the PostgreSQL pool is closed");
    if (!idle.empty()) {
        auto connection = std::move(idle.back());  // the warmest one: its statements are prepared
        idle.pop_back();
        if (!idle.empty()) freed.notify_one();  // somebody came while the one who was woken had not yet taken it
        co_return connection;
    }
    ++open;
    struct Undo {
        State* pool;
        ~Undo() {
            if (pool) pool->give(nullptr);
        }
    } undo{this};
    auto connection = co_await Connection::open(config.dsn.reveal(), deadline.within(5s));
    undo.pool = nullptr;
    co_return connection;
}

void Pool::State::give(std::unique_ptr<Connection> connection) {
    if (connection && !connection->broken() && !closed)
        idle.push_back(std::move(connection));
    else
        --open;
    freed.notify_one();
}

Task<Outcome> Pool::State::once(const std::vector<Statement>& statements, Deadline deadline) {
    Lease lease{*this, co_await take(deadline)};
    co_return co_await lease.connection->run(statements, deadline);
}

void Pool::State::order(std::shared_ptr<Order> added) {
    if (closed) throw Unavailable("the PostgreSQL pool is closed");
    if (queue.size() >= most_waiting) throw Unavailable("too many callers wait for PostgreSQL");
    queue.push_back(std::move(added));
    const bool stuck = queue.front()->since + too_long < Deadline::Steady::now();
    if (writers.size() < (stuck ? config.size : std::min(config.writers, config.size))) start_writer();
}

void Pool::State::start_writer() {
    const auto stop = writers.emplace(writers.end());
    asio::co_spawn(
        executor, write_all(shared_from_this()),
        asio::bind_cancellation_slot(stop->slot(), [self = shared_from_this(), stop](const std::exception_ptr&) { self->writers.erase(stop); }));
}

Orders Pool::State::next_orders() {
    Orders out;
    while (!queue.empty() && out.size() < most_together) {
        auto order = std::move(queue.front());
        queue.pop_front();
        if (order->gone) continue;
        order->started = true;
        out.push_back(std::move(order));
    }
    return out;
}

void Pool::State::fail(const Orders& orders, const std::exception_ptr& error) {
    for (const auto& order : orders) {
        order->error = error;
        order->ended.notify();
    }
}

// One writer, as long as Works wait. The connection is given back each time, so that readers get their turn.
Task<void> Pool::State::write_all(std::shared_ptr<State> self) {
    while (!self->queue.empty()) {
        try {
            const Lease lease{*self, co_await self->take(Deadline::after(writer_patience))};
            co_await self->write_some(*lease.connection);
        } catch (const TimedOut&) {  // none was free, or the server is silent: the callers' deadlines say how long that is borne
            std::erase_if(self->queue, [](const auto& order) { return order->gone; });
        } catch (...) {
            const auto waiting = std::exchange(self->queue, {});
            fail({waiting.begin(), waiting.end()}, std::current_exception());
        }
    }
}

// What waits, in one round trip; the longest deadline is the connection's, each caller watches its own.
Task<void> Pool::State::write_some(Connection& connection) {
    const Orders orders = next_orders();
    if (orders.empty()) co_return;
    std::vector<const std::vector<Statement>*> transactions;
    Deadline deadline = orders.front()->deadline;
    for (const auto& order : orders) {
        transactions.push_back(&order->work.statements());
        deadline = Deadline::at(std::max(deadline.point(), order->deadline.point()));
    }
    try {
        auto outcomes = co_await connection.run(transactions, deadline);
        for (std::size_t i = 0; i < orders.size(); ++i) {
            orders[i]->outcome = std::move(outcomes[i]);
            orders[i]->ended.notify();
        }
    } catch (...) { fail(orders, std::current_exception()); }
}

void Pool::State::close() {
    closed = true;
    for (auto& writer : writers) writer.emit(asio::cancellation_type::terminal);
    const auto unserved = std::exchange(queue, {});
    fail({unserved.begin(), unserved.end()}, std::make_exception_ptr(Unavailable("the PostgreSQL pool is closed")));
    open -= idle.size();
    idle.clear();
    freed.notify();
}

Task<Outcome> Pool::State::have_written(std::shared_ptr<Order> mine) {
    order(mine);
    struct Leave {
        Order& left;
        ~Leave() { left.gone = true; }
    } leave{*mine};
    while (!mine->outcome && !mine->error)
        if (!co_await mine->ended.wait(mine->deadline) && !mine->outcome && !mine->error)
            throw TimedOut(mine->started ? "PostgreSQL did not answer in time" : "no PostgreSQL connection became free in time");
    if (mine->error) std::rethrow_exception(mine->error);
    co_return std::move(*mine->outcome);
}

Pool::Pool(Executor executor, PoolConfig config) {
    config.dsn = Secret(with_session(config));
    state_ = std::make_shared<State>(std::move(executor), std::move(config));
}

Pool::~Pool() = default;

Task<Result<Committed>> Pool::commit(Work work, Deadline deadline) {
    PERSONA_ASSERT(!work.empty());
    auto order = std::make_shared<Order>(state_->executor, std::move(work), deadline);
    for (int left = tries;;) {
        Outcome outcome = co_await state_->have_written(order);
        if (!outcome.error) co_return std::move(outcome.rows);
        const SqlError& error = *outcome.error;
        if (error.state.starts_with("PS")) co_return std::unexpected(Refusal{error.state, error.what()});
        if (!is_passing(error) || --left == 0) throw SqlError(error);
        order = std::make_shared<Order>(state_->executor, std::move(order->work), deadline);
    }
}

Task<Rows> Pool::read_statement(Statement statement, Deadline deadline) {
    State& pool = *state_;
    const std::vector<Statement> one{std::move(statement)};
    const bool warm = !pool.idle.empty();
    for (bool again = warm;; again = false) {
        try {
            Outcome outcome = co_await pool.once(one, deadline);
            if (outcome.error) throw SqlError(*outcome.error);
            co_return std::move(outcome.rows.front());
        } catch (const TimedOut&) { throw; } catch (const Unavailable&) {
            if (!again) throw;
        }
        pool.open -= pool.idle.size();  // one dead idle connection means that the server restarted: all of them are dead
        pool.idle.clear();
    }
}

void Pool::close() { state_->close(); }
std::size_t Pool::in_use() const { return state_->open - state_->idle.size(); }

}  // namespace persona::postgres

#include "postgres/connection.hpp"

#include <libpq-fe.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "async/alarm.hpp"
#include "async/within.hpp"

namespace persona::postgres {

struct Connection::Socket {
    PGconn* pg;
    asio::posix::stream_descriptor descriptor;
    Deadline::Steady::time_point due = Deadline::Steady::time_point::max();
    bool late = false;
    Alarm alarm;

    Socket(PGconn* connection, const Executor& executor) : pg(connection), descriptor(executor), alarm(executor, [this] { look_at_deadline(); }) {}
    Socket(const Socket&) = delete;
    ~Socket() {
        if (descriptor.is_open()) descriptor.release();  // libpq closes its own socket
        PQfinish(pg);
    }
    // libpq may open another socket while it connects (several hosts, SSL refused).
    void follow() {
        const int fd = PQsocket(pg);
        if (descriptor.is_open() && descriptor.native_handle() == fd) return;
        if (descriptor.is_open()) descriptor.release();
        if (fd >= 0) descriptor.assign(fd);
    }
    void until(Deadline deadline) {
        due = deadline.point();
        if (due != Deadline::Steady::time_point::max()) alarm.by(due);
    }
    // Ends the wait of whoever uses this connection now.
    void look_at_deadline() {
        if (due == Deadline::Steady::time_point::max()) return;
        if (Deadline::Steady::now() < due) return alarm.by(due);
        late = true;
        descriptor.cancel();
    }
    std::string message() const {
        std::string text = PQerrorMessage(pg);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }
};

namespace {

constexpr auto wait_read = asio::posix::stream_descriptor::wait_read;
constexpr auto wait_write = asio::posix::stream_descriptor::wait_write;

// Around several transactions: each commits at once and the last waits for the disk, which makes all before it durable too, for
// a commit's record lies behind theirs in the log. The message gives the last something to write, whatever became of the others.
constexpr Query no_wait{"postgres.no_wait", "SET synchronous_commit = off"};
constexpr Query wait_again{"postgres.wait_again", "RESET synchronous_commit"};
constexpr Query mark_log{"postgres.mark_log", "SELECT pg_logical_emit_message(true, 'persona', '')"};

Task<void> connect(PGconn* pg, auto& socket) {
    for (auto state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(pg)) {
        if (state == PGRES_POLLING_FAILED) throw Unavailable("PostgreSQL refused the connection: " + socket.message());
        socket.follow();
        co_await socket.descriptor.async_wait(state == PGRES_POLLING_READING ? wait_read : wait_write, asio::use_awaitable);
    }
    socket.follow();
}

}  // namespace

Connection::Connection(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}
Connection::~Connection() = default;

Task<std::unique_ptr<Connection>> Connection::open(std::string dsn, Deadline deadline) {
    PGconn* pg = PQconnectStart(dsn.c_str());
    if (!pg) throw Unavailable("PostgreSQL: out of memory");
    auto socket = std::make_unique<Socket>(pg, co_await asio::this_coro::executor);
    if (PQstatus(pg) == CONNECTION_BAD) throw Unavailable("PostgreSQL: " + socket->message());
    co_await within(deadline, "connecting to PostgreSQL took too long", connect(pg, *socket));
    PQsetnonblocking(pg, 1);
    PQsetNoticeProcessor(pg, [](void*, const char*) {}, nullptr);
    PQenterPipelineMode(pg);
    co_return std::unique_ptr<Connection>(new Connection(std::move(socket)));
}

void Connection::send(const Statement& statement) {
    PGconn* pg = socket_->pg;
    const std::string name(statement.query->name);
    bool ok = true;
    if (prepared_.insert(statement.query->name).second) ok = PQsendPrepare(pg, name.c_str(), std::string(statement.query->sql).c_str(), 0, nullptr);
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    for (const Param& param : statement.params) {
        values.push_back(param.data ? param.data->c_str() : nullptr);
        lengths.push_back(param.data ? static_cast<int>(param.data->size()) : 0);
        formats.push_back(param.binary);
    }
    ok = ok && PQsendQueryPrepared(pg, name.c_str(), static_cast<int>(values.size()), values.data(), lengths.data(), formats.data(), 0);
    if (!ok) throw Unavailable("PostgreSQL: " + socket_->message());
}

// The answers to expect: a query for that to its preparation, null for that to an execution.
std::vector<const Query*> Connection::send(const std::vector<Statement>& transaction) {
    std::vector<const Query*> answers;
    for (const Statement& statement : transaction) {
        if (!prepared_.contains(statement.query->name)) answers.push_back(statement.query);
        answers.push_back(nullptr);
        send(statement);
    }
    if (!PQpipelineSync(socket_->pg)) throw Unavailable("PostgreSQL: " + socket_->message());
    return answers;
}

// Reads meanwhile where the server has answers that it cannot get rid of: it would not read ours either.
Task<void> Connection::flush() {
    using namespace asio::experimental::awaitable_operators;
    auto& descriptor = socket_->descriptor;
    for (int left = PQflush(socket_->pg); left != 0; left = PQflush(socket_->pg)) {
        if (left < 0) throw Unavailable("PostgreSQL: " + socket_->message());
        const auto ready = co_await (descriptor.async_wait(wait_write, asio::use_awaitable) || descriptor.async_wait(wait_read, asio::use_awaitable));
        if (ready.index() == 1 && !PQconsumeInput(socket_->pg)) throw Unavailable("PostgreSQL: " + socket_->message());
    }
}

Task<void> Connection::readable() {
    while (PQisBusy(socket_->pg)) {
        co_await socket_->descriptor.async_wait(wait_read, asio::use_awaitable);
        if (!PQconsumeInput(socket_->pg)) throw Unavailable("PostgreSQL: " + socket_->message());
    }
}

// Pipeline mode ends each statement's results with a null pointer; those are passed over.
Task<Rows> Connection::next_result() {
    for (;;) {
        co_await readable();
        if (PGresult* result = PQgetResult(socket_->pg)) co_return Rows(result);
        if (PQstatus(socket_->pg) == CONNECTION_BAD) throw Unavailable("PostgreSQL: " + socket_->message());
    }
}

namespace {

const char* field(const PGresult* result, int code) {
    const char* text = PQresultErrorField(result, code);
    return text ? text : "";
}

}  // namespace

Task<Outcome> Connection::receive(const std::vector<const Query*>& answers) {
    Outcome out;  // the first error decides; what follows it in the transaction is only reported as aborted
    const auto look = [&](const Rows& rows) {
        const auto status = PQresultStatus(rows.raw());
        if (status == PGRES_FATAL_ERROR && !out.error)
            out.error.emplace(field(rows.raw(), PG_DIAG_SQLSTATE), field(rows.raw(), PG_DIAG_MESSAGE_PRIMARY));
        return status;
    };
    for (const Query* prepared : answers) {
        Rows rows = co_await next_result();
        const auto status = look(rows);
        if (!prepared)
            out.rows.push_back(std::move(rows));
        else if (status != PGRES_COMMAND_OK)
            prepared_.erase(prepared->name);
    }
    // An error of the COMMIT that the Sync implies (a deferred constraint) comes as one more result before the Sync's.
    while (look(co_await next_result()) != PGRES_PIPELINE_SYNC) {}
    co_return out;
}

// Sends everything, then reads everything.
Task<std::vector<Outcome>> Connection::converse(std::span<const std::vector<Statement>* const> transactions) {
    const bool together = transactions.size() > 1;
    const std::vector<Statement> before{Statement::of(no_wait)}, after{Statement::of(wait_again), Statement::of(mark_log)};
    std::vector<std::vector<const Query*>> answers;
    if (together) answers.push_back(send(before));
    for (const auto* transaction : transactions) answers.push_back(send(*transaction));
    if (together) answers.push_back(send(after));
    co_await flush();
    std::vector<Outcome> out;
    for (const auto& expected : answers) out.push_back(co_await receive(expected));
    if (together) {
        if (out.front().error || out.back().error) throw Unavailable("PostgreSQL did not make sure that a commit lasts");
        out.erase(out.begin());
        out.pop_back();
    }
    co_return out;
}

Task<std::vector<Outcome>> Connection::run(std::span<const std::vector<Statement>* const> transactions, Deadline deadline) {
    // Broken until the last Sync came back: an exception or a cancellation in between leaves half a conversation.
    broken_ = true;
    socket_->until(deadline);
    try {
        auto out = co_await converse(transactions);
        socket_->until(Deadline::never());
        // 57P0x: the server is going down and has closed, or will close, this connection.
        for (const Outcome& outcome : out)
            if (outcome.error && outcome.error->state.starts_with("57P")) throw Unavailable(std::string("PostgreSQL: ") + outcome.error->what());
        broken_ = PQstatus(socket_->pg) == CONNECTION_BAD;
        co_return out;
    } catch (const boost::system::system_error& e) {
        if (socket_->late) throw TimedOut("PostgreSQL did not answer in time");
        if (is_cancelled(e)) throw;
        throw Unavailable(std::string("PostgreSQL: ") + e.what());
    }
}

Task<Outcome> Connection::run(const std::vector<Statement>& transaction, Deadline deadline) {
    const std::vector<Statement>* const one[] = {&transaction};
    auto out = co_await run(one, deadline);
    co_return std::move(out.front());
}

}  // namespace persona::postgres

#include "postgres/connection.hpp"

#include <libpq-fe.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "async/within.hpp"

namespace persona::postgres {

struct Connection::Socket {
    PGconn* pg;
    asio::posix::stream_descriptor descriptor;

    Socket(PGconn* connection, const Executor& executor) : pg(connection), descriptor(executor) {}
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
    std::string message() const {
        std::string text = PQerrorMessage(pg);
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    }
};

namespace {

constexpr auto wait_read = asio::posix::stream_descriptor::wait_read;
constexpr auto wait_write = asio::posix::stream_descriptor::wait_write;

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

Task<void> Connection::flush() {
    for (int left = PQflush(socket_->pg); left != 0; left = PQflush(socket_->pg)) {
        if (left < 0) throw Unavailable("PostgreSQL: " + socket_->message());
        co_await socket_->descriptor.async_wait(wait_write, asio::use_awaitable);
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

// Sends everything, then reads everything: each statement answers once, and once more where it had to be prepared first.
Task<Result<std::vector<Rows>>> Connection::converse(const std::vector<Statement>& statements) {
    std::vector<const Query*> answers;  // a query for the answer to its preparation, null for the answer to an execution
    for (const Statement& statement : statements) {
        if (!prepared_.contains(statement.query->name)) answers.push_back(statement.query);
        answers.push_back(nullptr);
        send(statement);
    }
    if (!PQpipelineSync(socket_->pg)) throw Unavailable("PostgreSQL: " + socket_->message());
    co_await flush();
    std::vector<Rows> out;
    std::optional<SqlError> failure;  // the first error decides; what follows it in the batch is only reported as aborted
    for (const Query* prepared : answers) {
        Rows rows = co_await next_result();
        const auto status = PQresultStatus(rows.raw());
        if (status == PGRES_FATAL_ERROR && !failure) failure.emplace(field(rows.raw(), PG_DIAG_SQLSTATE), field(rows.raw(), PG_DIAG_MESSAGE_PRIMARY));
        if (!prepared)
            out.push_back(std::move(rows));
        else if (status != PGRES_COMMAND_OK)
            prepared_.erase(prepared->name);
    }
    // An error of the COMMIT that the Sync implies (a deferred constraint) comes as one more result before the Sync's.
    for (;;) {
        const Rows rows = co_await next_result();
        const auto status = PQresultStatus(rows.raw());
        if (status == PGRES_PIPELINE_SYNC) break;
        if (status == PGRES_FATAL_ERROR && !failure) failure.emplace(field(rows.raw(), PG_DIAG_SQLSTATE), field(rows.raw(), PG_DIAG_MESSAGE_PRIMARY));
    }
    if (!failure) co_return out;
    if (failure->state.starts_with("PS")) co_return std::unexpected(Refusal{failure->state, failure->what()});
    throw *failure;
}

Task<Result<std::vector<Rows>>> Connection::run(const std::vector<Statement>& statements, Deadline deadline) {
    // Broken until the Sync came back: an exception or a cancellation in between leaves half a conversation.
    broken_ = true;
    try {
        auto result = co_await within(deadline, "PostgreSQL did not answer in time", converse(statements));
        broken_ = false;
        co_return result;
    } catch (const SqlError& e) {
        // 57P0x: the server is going down and has closed, or will close, this connection.
        broken_ = e.state.starts_with("57P") || PQstatus(socket_->pg) == CONNECTION_BAD;
        if (broken_) throw Unavailable(std::string("PostgreSQL: ") + e.what());
        throw;
    } catch (const boost::system::system_error& e) {
        if (is_cancelled(e)) throw;
        throw Unavailable(std::string("PostgreSQL: ") + e.what());
    }
}

}  // namespace persona::postgres

// A database with an opened vault, and a Telegram that is a function: what the tests of this room stand on.
#pragma once

#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <deque>

#include "async/signal.hpp"
#include "async/within.hpp"
#include "postgres/pool.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"
#include "telegram/api.hpp"
#include "vault/vault.hpp"

namespace persona::telegram::test {

namespace json = boost::json;

inline constexpr auto patience = 20s;  // of a test for what must happen

// One program's view of the database: every incarnation of it has its own.
struct House {
    explicit House(Executor executor, std::string dsn = persona::test::postgres_dsn())
        : pool(executor, {.dsn = Secret(std::move(dsn)), .size = 6}), vault(vault::Keyring::from_text(std::string(64, 'a'), "a test"), pool) {}

    Task<void> open() { co_await vault.open(Deadline::after(patience)); }
    Task<void> change(const postgres::Query& query) {
        postgres::Work work;
        work.add(query);
        (void)(co_await pool.commit(std::move(work), Deadline::after(patience))).value();
    }
    // The only column of all rows, joined by blanks.
    Task<std::string> ask(const postgres::Query& query) {
        const auto rows = co_await pool.read(Deadline::after(patience), query);
        std::string out;
        for (const auto row : rows) out += (out.empty() ? "" : " ") + row.maybe<std::string>(0).value_or("-");
        co_return out;
    }

    postgres::Pool pool;
    vault::Vault vault;
};

struct Said {
    std::string method;
    json::object params;
    Deadline::Steady::time_point at;

    std::int64_t chat() const { return params.at("chat_id").as_int64(); }
    std::string text() const { return std::string(params.at("text").as_string()); }
};

// Answers what `answers` holds, then "ok" with a new message id. Remembers every call.
class Telegram {
public:
    explicit Telegram(Executor executor) : called_(executor) {}

    Task<ApiResult<json::value>> operator()(Call call, Deadline) {
        said.push_back({call.method, call.params, Deadline::Steady::now()});
        called_.notify();
        if (hook) co_await hook(said.back());
        if (answers.empty()) co_return json::object{{"message_id", ++last_message}};
        auto answer = std::move(answers.front());
        answers.pop_front();
        co_return answer;
    }
    // Returns when so many calls were made; the test fails when they are not made in time.
    Task<void> heard(std::size_t calls) {
        const auto deadline = Deadline::after(patience);
        while (said.size() < calls)
            if (!co_await called_.wait(deadline)) throw Error("only " + std::to_string(said.size()) + " calls were made");
    }
    std::vector<std::string> texts() const {
        std::vector<std::string> out;
        for (const Said& s : said) out.push_back(s.text());
        return out;
    }

    std::vector<Said> said;
    std::deque<ApiResult<json::value>> answers;
    std::function<Task<void>(Said)> hook;
    std::int64_t last_message = 100;

private:
    Signal called_;
};

inline std::unexpected<ApiError> refusal(ApiErrorKind kind, int code, std::string description, std::chrono::seconds retry_after = 0s) {
    return std::unexpected(ApiError{kind, code, std::move(description), retry_after});
}

}  // namespace persona::telegram::test

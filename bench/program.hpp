// The program around a bench of the database: `NAME VERB DSN …`; "prepare" makes the schema first.
#pragma once

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <functional>

#include "async/task_group.hpp"
#include "postgres/migrations.hpp"
#include "postgres/pool.hpp"

namespace persona::bench {

inline Deadline soon() { return Deadline::after(120s); }

using Arguments = std::vector<std::string>;  // the verb, the DSN, and what the verb takes
using Verb = std::function<Task<void>(postgres::Pool&, const Arguments&)>;

inline Task<void> run_verb(Arguments args, std::size_t connections, Verb verb, int& status) {
    postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(args.at(1)), .size = connections, .statement_timeout = 60s});
    try {
        co_await verb(pool, args);
        status = 0;
    } catch (const std::exception& e) { fmt::print(stderr, "bench: {}\n", e.what()); }
    pool.close();
}

inline int main_of(const Arguments& args, std::size_t connections, Verb verb) {
    if (args.size() < 2) return 2;
    if (args[0] == "prepare") postgres::migrate(Secret(args[1]));
    asio::io_context io(1);
    int status = 1;
    TaskGroup group(io.get_executor(), "bench");
    group.spawn("verb", run_verb(args, connections, std::move(verb), status));
    io.run();
    return status;
}

}  // namespace persona::bench

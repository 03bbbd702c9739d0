#include "app/at_database.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "vault/keyring.hpp"

namespace persona::app {

int at_database(const Settings& settings, std::function<Task<int>(postgres::Pool&)> body) {
    asio::io_context io(1);
    postgres::Pool pool(io.get_executor(), {.dsn = database_url(settings), .size = 1, .statement_timeout = std::chrono::minutes(10)});
    int status = 1;
    std::exception_ptr error;
    asio::co_spawn(io, body(pool), [&](std::exception_ptr e, int s) {
        error = e;
        status = s;
        pool.close();
    });
    io.run();
    if (error) std::rethrow_exception(error);
    return status;
}

int at_vault(const Settings& settings, std::function<Task<int>(postgres::Pool&, vault::Vault&)> body) {
    return at_database(settings, [&](postgres::Pool& pool) -> Task<int> {
        vault::Vault vault(vault::Keyring::from_file(master_key_file(settings)), pool);
        co_await vault.open(Deadline::after(30s));
        co_return co_await body(pool, vault);
    });
}

}  // namespace persona::app

// A till with its database, people and a YooKassa of its own; and at the end the proof that no rule of the ledger is broken.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/payments/payments.hpp"
#include "studio/payments/yookassa/till.hpp"
#include "studio/wallet/wallet.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"
#include "support/yookassa_room.hpp"

namespace persona::yookassa {

struct TillRoom {
    postgres::Pool& pool;
    test::YookassaServer& server;
    http::Client& http;
    Client& client;
    Till& till;

    static constexpr UserId ann{1}, bob{2};
    static Deadline soon() { return Deadline::after(20s); }

    // An order of 250 coins that was placed and not offered yet.
    Task<payments::Order> place(UserId user = ann, std::int64_t price = 250'00) {
        const payments::Order order{
            .id = Uuid::v7(), .user = user, .provider = payments::Provider::yookassa, .coins = Coins::hundredths(250'00), .price = price};
        postgres::Work work;
        payments::place(work, order, 60);
        if (!co_await pool.commit(std::move(work), soon())) throw Error("the order was refused");
        co_return *co_await payments::order(pool, order.id, soon());
    }
    // Offered too; gives the payment's id.
    Task<std::string> offer() {
        const auto order = co_await place();
        if (const auto url = co_await till.offer(order, soon()); !url) throw Error(url.error().text());
        co_return (co_await payments::order(pool, order.id, soon()))->remote_id;
    }
    // As if all orders were that much older.
    Task<void> age(std::string interval) {
        static constexpr postgres::Query query{"test.age", "UPDATE orders SET created_at = created_at - $1::interval"};
        postgres::Work work;
        work.add(query, interval);
        (void)co_await pool.commit(std::move(work), soon());
    }
    Task<std::string> coins(UserId user = ann) { co_return (co_await wallet::balance(pool, user, soon())).coins.text(); }
    // query: a constant of the test, that counts.
    Task<std::int64_t> count(const postgres::Query& query) { co_return (co_await pool.read(soon(), query)).value<std::int64_t>(); }
    Task<std::string> alerts() {
        std::string out;
        for (const auto& alert : co_await payments::alerts(pool, 100, soon())) out += alert.kind + " ";
        co_return out;
    }
    Task<payments::Order::State> state(Uuid order) { co_return (co_await payments::order(pool, order, soon()))->state; }
};

struct TillTest : testing::Test {
    std::string dsn = test::postgres_dsn();
    Terms terms{.capture = true, .return_url = "https://p.example/cabinet/"};
    std::string key = "test_secret_key";

    void with(auto body) {
        run([&]() -> Task<void> {
            const auto executor = co_await asio::this_coro::executor;
            postgres::Pool pool(executor, {.dsn = Secret(dsn), .size = 8, .writers = 4});
            co_await test::add_people(pool, 2, Coins::hundredths(100'00));
            test::YookassaServer server(executor);
            http::Client http(executor);
            Config config = test_config(server);
            config.key = Secret(key);
            Client client(http, config);
            Till till(pool, client, terms);
            TillRoom room{pool, server, http, client, till};
            try {
                co_await body(room);
            } catch (const std::exception& e) { ADD_FAILURE() << e.what(); }
            for (const auto& fault : co_await wallet::verify(pool, room.soon())) ADD_FAILURE() << fault.rule << ": " << fault.detail;
            http.close();
            pool.close();
            co_await server.stop();
        });
    }
};

}  // namespace persona::yookassa

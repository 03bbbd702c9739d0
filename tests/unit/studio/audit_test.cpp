#include "studio/audit/audit.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::audit {
namespace {

Deadline soon() { return Deadline::after(20s); }

struct Audit : testing::Test {
    std::string dsn = test::postgres_dsn();

    void with(auto body) {
        run([&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            vault::Vault vault(test::test_keyring(), pool);
            co_await vault.open(soon());
            co_await body(pool, vault);
            pool.close();
        });
    }
    static Task<void> record(postgres::Pool& pool, vault::Vault& vault, int count) {
        postgres::Work work;
        for (int i = 0; i < count; ++i)
            audit::record(work,
                          {.actor = "admin:ann",
                           .action = "wallet.adjust",
                           .subject = "user:17",
                           .origin = "cli",
                           .before = {{"coins", i}},
                           .after = {{"coins", "plainword"}}},
                          vault.system_key());
        EXPECT_TRUE(co_await pool.commit(std::move(work), soon()));
    }
};

TEST_F(Audit, TheBodyIsSealedAndBoundToItsRow) {
    static constexpr postgres::Query read{"test.read", "SELECT event, body FROM audit_log"};
    with([](postgres::Pool& pool, vault::Vault& vault) -> Task<void> {
        co_await record(pool, vault, 1);
        const auto rows = co_await pool.read(soon(), read);
        const auto body = rows[0].get<Bytes>(1);
        EXPECT_EQ(as_text(body).find("plainword"), std::string_view::npos);
        const auto opened = boost::json::parse(vault::open(vault.system_key(), {"audit_log.body", rows[0].get<Uuid>(0)}, body));
        EXPECT_EQ(opened.at("after").at("coins").as_string(), "plainword");
        EXPECT_THROW(vault::open(vault.system_key(), {"audit_log.body", Uuid::v7()}, body), Corrupt);
    });
}

TEST_F(Audit, RowsAreChainedInOrderAndOnce) {
    with([](postgres::Pool& pool, vault::Vault& vault) -> Task<void> {
        EXPECT_EQ(co_await seal(pool, vault, soon()), 0);
        EXPECT_EQ(co_await verify(pool, vault, soon()), std::nullopt);
        co_await record(pool, vault, 3);
        EXPECT_EQ(co_await seal(pool, vault, soon()), 3);
        co_await record(pool, vault, 2);
        EXPECT_EQ(co_await seal(pool, vault, soon()), 2);
        EXPECT_EQ(co_await seal(pool, vault, soon()), 0);
        EXPECT_EQ(co_await verify(pool, vault, soon()), std::nullopt);
    });
}

TEST_F(Audit, AKillBetweenChainingAndSigningIsMadeGood) {
    static constexpr postgres::Query chain{"test.chain", "SELECT audit_seal(2)"};
    with([](postgres::Pool& pool, vault::Vault& vault) -> Task<void> {
        EXPECT_EQ(co_await seal(pool, vault, soon()), 0);
        co_await record(pool, vault, 2);
        co_await pool.read(soon(), chain);
        EXPECT_EQ(co_await verify(pool, vault, soon()), std::nullopt);
        EXPECT_EQ(co_await seal(pool, vault, soon()), 0);
        static constexpr postgres::Query end{"test.end", "SELECT link FROM audit_end"};
        EXPECT_EQ((co_await pool.read(soon(), end)).value<int>(), 2);
    });
}

// Each act is one that a superuser of the database can do.
TEST(AuditTamper, EveryChangeIsFoundAtItsPlace) {
    struct Case {
        postgres::Query act;
        std::int64_t place;
    };
    static constexpr Case cases[]{
        {{"test.actor", "UPDATE audit_log SET actor = 'nobody' WHERE link = 3"}, 3},
        {{"test.body", "UPDATE audit_log SET body = NULL WHERE link = 2"}, 2},
        {{"test.time", "UPDATE audit_log SET at = at + interval '1 second' WHERE link = 5"}, 5},
        {{"test.owner", "UPDATE audit_log SET owner = 9 WHERE link = 1"}, 1},
        {{"test.shift", "UPDATE audit_log SET action = 'wallet', subject = '.adjust' || subject WHERE link = 4"}, 4},
        {{"test.delete", "DELETE FROM audit_log WHERE link = 2"}, 2},
        {{"test.cut", "DELETE FROM audit_log WHERE link = 5"}, 6},
        {{"test.unchain", "UPDATE audit_log SET link = NULL, hash = NULL WHERE link = 5"}, 6},
        {{"test.swap", "UPDATE audit_log SET actor = (SELECT id::text FROM audit_log WHERE link = 2) WHERE link = 1"}, 1},
        // A chain made anew over the changed rows holds in itself; the signature tells.
        {{"test.rechain", "WITH t AS (UPDATE audit_log SET actor = 'nobody', hash = NULL, link = NULL RETURNING 1) SELECT count(*) FROM t"}, 6},
    };
    for (const Case& tampering : cases) {
        const std::string dsn = test::postgres_dsn();
        run([&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            vault::Vault vault(test::test_keyring(), pool);
            co_await vault.open(soon());
            co_await Audit::record(pool, vault, 5);
            EXPECT_EQ(co_await seal(pool, vault, soon()), 5);
            co_await pool.read(soon(), tampering.act);
            EXPECT_EQ(co_await verify(pool, vault, soon()), tampering.place) << tampering.act.name;
            if (tampering.act.name == "test.rechain") {
                static constexpr postgres::Query chain{"test.chain", "SELECT audit_seal(100)"};
                co_await pool.read(soon(), chain);
                EXPECT_EQ(co_await verify(pool, vault, soon()), 5);
            }
            pool.close();
        });
    }
}

TEST(AuditTamper, AnEndThatWeDidNotSignIsRefused) {
    static constexpr postgres::Query forgeries[]{{"test.move", "UPDATE audit_end SET link = link - 1"}, {"test.remove", "DELETE FROM audit_end"}};
    const auto refused = [](auto task) -> Task<bool> {
        try {
            co_await std::move(task);
        } catch (const Corrupt&) { co_return true; }
        co_return false;
    };
    for (const auto& forgery : forgeries) {
        const std::string dsn = test::postgres_dsn();
        run([&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            vault::Vault vault(test::test_keyring(), pool);
            co_await vault.open(soon());
            co_await Audit::record(pool, vault, 2);
            co_await seal(pool, vault, soon());
            co_await pool.read(soon(), forgery);
            EXPECT_TRUE(co_await refused(verify(pool, vault, soon()))) << forgery.name;
            EXPECT_TRUE(co_await refused(seal(pool, vault, soon()))) << forgery.name;
            pool.close();
        });
    }
}

}  // namespace
}  // namespace persona::audit

#include <gtest/gtest.h>

#include <fstream>

#include "async/task_group.hpp"
#include "storage/blob_store.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::storage {
namespace {

namespace fs = std::filesystem;

constexpr UserId ann{1};
Deadline soon() { return Deadline::after(20s); }
// How the sweep sees the files of this minute.
Time in_two_days() { return wall_now() + std::chrono::hours(48); }

// A store, a database, and what a body does with them.
struct Sweep : testing::Test {
    fs::path folder = fs::temp_directory_path() / ("persona-sweep-" + Uuid::v7().text());
    asio::io_context io{1};
    CpuPool cpu{2};
    BlobStore store{cpu, {.folder = folder}};
    vault::Key key = vault::Key::random();
    std::string dsn = test::postgres_dsn();

    ~Sweep() override { fs::remove_all(folder); }

    void with(auto body) {
        run(io, [&]() -> Task<void> {
            postgres::Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn)});
            co_await body(pool);
            pool.close();
        });
    }
    Task<Stored> put(std::string content) { return store.put(ann, key, std::move(content)); }
    static Task<void> name(postgres::Pool& pool, Stored blob, std::optional<Time> expires = std::nullopt) {
        postgres::Work work;
        add_row(work, blob, expires);
        EXPECT_TRUE(co_await pool.commit(std::move(work), soon()));
    }
    bool exists(const Stored& blob) const { return fs::exists(folder / blob.name.value.substr(0, 2) / blob.name.value); }
};

TEST_F(Sweep, AnOrphanGoesAfterADayAndANamedBlobStays) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const Stored orphan = co_await put("orphan"), named = co_await put("named");
        co_await name(pool, named);
        std::ofstream(folder / "tmp" / "left-by-a-kill") << "half";
        EXPECT_EQ((co_await store.sweep(pool, wall_now(), soon())).files, 0);
        EXPECT_TRUE(exists(orphan)) << "its row may still be on the way";
        EXPECT_EQ((co_await store.sweep(pool, in_two_days(), soon())).files, 2);
        EXPECT_FALSE(exists(orphan));
        EXPECT_FALSE(fs::exists(folder / "tmp" / "left-by-a-kill"));
        EXPECT_EQ(co_await store.read(named.name, key, 100), "named");
    });
}

TEST_F(Sweep, AnExpiredRowGoesWithItsFile) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const Stored brief = co_await put("brief"), longer = co_await put("longer");
        co_await name(pool, brief, wall_now() + std::chrono::hours(1));
        co_await name(pool, longer, wall_now() + std::chrono::hours(100));
        const auto swept = co_await store.sweep(pool, in_two_days(), soon());
        EXPECT_EQ(swept.rows, 1);
        EXPECT_EQ(swept.files, 1);
        EXPECT_FALSE(exists(brief));
        EXPECT_TRUE(exists(longer));
    });
}

TEST_F(Sweep, OfTwoWishesForOneBlobTheLongerLifeWins) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const Stored blob = co_await put("wanted twice");
        for (const std::optional<Time> expires : {std::optional(wall_now()), std::optional<Time>(), std::optional(wall_now())})
            co_await name(pool, blob, expires);
        EXPECT_EQ((co_await store.sweep(pool, in_two_days(), soon())).rows, 0);
        EXPECT_TRUE(exists(blob));
    });
}

TEST_F(Sweep, ABlobGivenUpGoesAfterTheGrace) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const Stored blob = co_await put("given up");
        co_await name(pool, blob);
        postgres::Work work;
        remove_row(work, blob.name);
        EXPECT_TRUE(co_await pool.commit(std::move(work), soon()));
        EXPECT_EQ((co_await store.sweep(pool, in_two_days(), soon())).files, 1);
    });
}

// An old file without a row is about to be swept when the same content is put again: the put makes it young, so that it waits
// for the new row.
TEST_F(Sweep, AnOldFileThatIsPutAgainIsYoung) {
    with([&](postgres::Pool& pool) -> Task<void> {
        const Stored old = co_await put("again");
        const fs::path file = folder / old.name.value.substr(0, 2) / old.name.value;
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(72));
        co_await put("again");
        EXPECT_EQ((co_await store.sweep(pool, wall_now(), soon())).files, 0);
        co_await name(pool, old);
        EXPECT_EQ(co_await store.read(old.name, key, 100), "again");
    });
}

// Puts, commits and sweeps at once, on a file that is old and has no row: what got its row is always there.
TEST_F(Sweep, NoOrderOfPutAndSweepLosesANamedBlob) {
    with([&](postgres::Pool& pool) -> Task<void> {
        static constexpr postgres::Query forget{"test.forget", "DELETE FROM blobs"};
        for (int round = 0; round < 30; ++round) {
            const Stored before = co_await put("contended");
            fs::last_write_time(folder / before.name.value.substr(0, 2) / before.name.value,
                                fs::file_time_type::clock::now() - std::chrono::hours(72));
            TaskGroup group(co_await asio::this_coro::executor, "test");
            group.spawn("sweep", [](BlobStore& of, postgres::Pool& on) -> Task<void> { co_await of.sweep(on, wall_now(), soon()); }(store, pool));
            const Stored after = co_await put("contended");
            co_await name(pool, after);
            co_await group.join(soon());
            EXPECT_EQ(co_await store.read(after.name, key, 100), "contended");
            co_await pool.read(soon(), forget);
        }
    });
}

}  // namespace
}  // namespace persona::storage

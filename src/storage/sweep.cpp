// Removes what nobody names. A file is judged in three steps, so that a put or a commit in between saves it: it is old; no
// committed row names it; and, under the lock of its shard, it is still old. A put makes the file young under the same lock,
// and its row is committed within the grace: no order of the two loses a file that has a row.
#include <algorithm>

#include "storage/blob_store.hpp"
#include "storage/folder.hpp"

namespace persona::storage {
namespace {

constexpr postgres::Query delete_expired{"storage.expire", "DELETE FROM blobs WHERE expires_at < $1::timestamptz"};
constexpr postgres::Query find_orphans{"storage.orphans", "SELECT n FROM unnest($1::text[]) n WHERE NOT EXISTS (SELECT FROM blobs WHERE name = n)"};
constexpr std::size_t names_at_once = 1000;

Task<std::vector<BlobName>> orphans(postgres::Pool& pool, std::vector<BlobName> names, Deadline deadline) {
    std::vector<BlobName> out;
    for (std::size_t from = 0; from < names.size(); from += names_at_once) {
        const auto to = std::min(names.size(), from + names_at_once);
        const std::vector<BlobName> part(names.begin() + static_cast<std::ptrdiff_t>(from), names.begin() + static_cast<std::ptrdiff_t>(to));
        for (const auto row : co_await pool.read(deadline, find_orphans, part)) out.push_back(row.get<BlobName>(0));
    }
    co_return out;
}

}  // namespace

Task<BlobStore::Swept> BlobStore::sweep(postgres::Pool& pool, Time now, Deadline deadline) {
    Swept swept;
    postgres::Work work;
    work.add(delete_expired, now);
    const auto deleted = co_await pool.commit(std::move(work), deadline);
    if (deleted) swept.rows = deleted->front().touched();
    const Time then = now - config_.grace;
    swept.files = co_await cpu_.run([&] { return remove_older_temporaries(config_.folder, then); });
    for (int shard = 0; shard < shards; ++shard) {
        const auto old = co_await cpu_.run([&] { return older_blobs(config_.folder, shard, then); });
        const auto lonely = co_await orphans(pool, old, deadline);
        swept.files += co_await cpu_.run([&] {
            return std::ranges::count_if(lonely, [&](const BlobName& name) { return LockedShard(config_.folder, name).remove_older(then); });
        });
    }
    co_return swept;
}

}  // namespace persona::storage

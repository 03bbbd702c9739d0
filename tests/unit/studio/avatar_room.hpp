// Two people, their avatars and the files of these, in a database of one's own.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "studio/avatars/avatars.hpp"
#include "studio/portraits/images.hpp"
#include "support/people.hpp"
#include "support/run.hpp"
#include "support/servers.hpp"

namespace persona::avatars {

inline constexpr UserId ann{1}, bob{2};
inline constexpr int most = 20, least = 10;  // photos
inline Deadline soon() { return Deadline::after(20s); }

struct AvatarRoom : testing::Test {
    using Pool = postgres::Pool;
    using Work = postgres::Work;

    std::string dsn = test::postgres_dsn();
    vault::Key key = vault::Key::random();

    void with(auto body) {
        run([&]() -> Task<void> {
            Pool pool(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 8, .writers = 8});
            co_await test::add_people(pool, 2, {});
            co_await body(pool);
            pool.close();
        });
    }

    // What became of a Work: nothing where it committed.
    static Task<std::optional<Refused>> outcome(Pool& pool, Work work) {
        const auto result = co_await pool.commit(std::move(work), soon());
        if (result) co_return std::nullopt;
        const auto why = refused(result.error());
        if (!why) throw Error("another room refused: " + result.error().code + " " + result.error().detail);
        co_return why;
    }
    static Task<void> commit(Pool& pool, Work work) { EXPECT_EQ(co_await outcome(pool, std::move(work)), std::nullopt); }

    static void add_blob(Work& work, const std::string& name, UserId user = ann) {
        static constexpr postgres::Query query{"test.blob",
                                               "INSERT INTO blobs (name, owner, bytes) VALUES ($1, $2::bigint, 1) ON CONFLICT (name) DO NOTHING"};
        work.add(query, name, user);
    }

    Work beginning(AvatarId id, UserId user = ann) const {
        Work work;
        begin_draft(work, user, key, id);
        return work;
    }
    // The blobs of photo "a" are "a", "a.picture" and "a.preview".
    static Photo photo(const std::string& name) {
        return {.id = Uuid::v7(), .original = name, .picture = name + ".picture", .preview = name + ".preview", .likeness = ~0ull, .clearness = 1.5};
    }
    Work adding(AvatarId draft, const Photo& photo, int limit = most, UserId user = ann) const {
        Work work;
        for (const auto& blob : {photo.original, photo.picture, photo.preview}) add_blob(work, blob, user);
        add_photo(work, user, key, draft, photo, limit);
        return work;
    }
    static Work submitting(AvatarId id, int attempt = 0, UserId user = ann, int need = least) {
        Work work;
        submit(work, user, id, attempt, "local", need);
        return work;
    }
    Work finishing(AvatarId id, int attempt = 1, std::vector<std::string> files = {}, bool drop = false, std::string provider = "local") const {
        Work work;
        for (const std::string& file : files) add_blob(work, file);
        ready(work, ann, key, id, attempt, {.model = "the lesson", .blobs = files, .provider = std::move(provider)}, drop);
        return work;
    }
    static Work failing(AvatarId id, int attempt, std::string_view reason) {
        Work work;
        failed(work, ann, id, attempt, reason);
        return work;
    }
    static Work erasing(AvatarId id, UserId user = ann) {
        Work work;
        erase(work, user, id);
        return work;
    }
    static Work choosing(AvatarId id, UserId user = ann) {
        Work work;
        make_main(work, user, id);
        return work;
    }

    // With photos "<name>1", "<name>2", …
    Task<AvatarId> draft_of(Pool& pool, std::string name, int photos = least, UserId user = ann) const {
        const AvatarId id(Uuid::v7());
        co_await commit(pool, beginning(id, user));
        for (int i = 1; i <= photos; ++i) co_await commit(pool, adding(id, photo(name + std::to_string(i)), most, user));
        co_return id;
    }
    Task<AvatarId> in_training(Pool& pool, std::string name, UserId user = ann) const {
        const AvatarId id = co_await draft_of(pool, name, least, user);
        co_await commit(pool, submitting(id, 0, user));
        co_return id;
    }
    Task<AvatarId> trained(Pool& pool, std::string name, std::vector<std::string> files = {}) const {
        const AvatarId id = co_await in_training(pool, name);
        co_await commit(pool, finishing(id, 1, std::move(files)));
        co_return id;
    }

    Task<Avatar> look(Pool& pool, AvatarId id) const {
        const auto found = co_await find(pool, ann, key, id, soon());
        co_return found ? *found : throw Error("the avatar is gone");
    }
    static Task<std::string> word(Pool& pool, postgres::Query query) { co_return (co_await pool.read(soon(), query)).value<std::string>(); }
    // Names of all blobs with rows, in order.
    static Task<std::string> blobs(Pool& pool) {
        return word(pool, {"test.blobs", "SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM blobs"});
    }
};

}  // namespace persona::avatars

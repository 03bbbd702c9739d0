#include "studio/portraits/images.hpp"

#include "avatar_room.hpp"

namespace persona::portraits {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr UserId ann = avatars::ann, bob = avatars::bob;
constexpr postgres::Query expires{"test.expires", "UPDATE blobs SET expires_at = now() + make_interval(mins => $2::int) WHERE name = $1"};
constexpr postgres::Query archive{"test.archive",
                                  "INSERT INTO user_documents (id, user_id, kind, file_name, blob) VALUES ($1::uuid, 1, 'export', 'all.zip', 'p')"};
constexpr postgres::Query swept{"test.swept", "DELETE FROM blobs WHERE expires_at < now()"};
constexpr postgres::Query documents{"test.documents",
                                    "SELECT coalesce(string_agg(kind || ' ' || file_name, ', ' ORDER BY file_name), 'none') FROM user_documents"};
constexpr postgres::Query for_ever{"test.for_ever", "SELECT coalesce(string_agg(name, ' ' ORDER BY name), '') FROM blobs WHERE expires_at IS NULL"};

struct Images : avatars::AvatarRoom {
    static Deadline soon() { return avatars::soon(); }

    // A picture in blob `name`, gone in so many minutes.
    static Task<Uuid> keep_image(Pool& pool, std::string name, std::optional<AvatarId> avatar, int minutes = 600) {
        const Uuid id = Uuid::v7();
        Work work;
        add_blob(work, name);
        work.add(expires, name, minutes);
        add(work, ann, {.id = id, .avatar = avatar, .style = avatar ? "noir" : "", .aspect = "square", .blob = name, .file_name = name + ".jpg"});
        co_await commit(pool, std::move(work));
        co_return id;
    }
    static Task<void> erase_image(Pool& pool, UserId user, Uuid id) {
        Work work;
        erase(work, user, id);
        co_await commit(pool, std::move(work));
    }
    static Task<void> hold_on(Pool& pool, UserId user, Uuid id) {
        Work work;
        keep(work, user, id);
        co_await commit(pool, std::move(work));
    }
    static Task<std::vector<std::string>> shown(Pool& pool, AvatarId avatar, int skip = 0, int most = 10) {
        std::vector<std::string> out;
        for (const Image& one : co_await of_avatar(pool, ann, avatar, skip, most, soon())) out.push_back(one.blob);
        co_return out;
    }
};

TEST_F(Images, AreADocumentOfTheirOwnerAndFoundByNobodyElse) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId avatar = co_await trained(pool, "a");
        const OperationId operation(Uuid::v7());
        const Image made{
            .id = Uuid::v7(), .avatar = avatar, .style = "oil", .aspect = "portrait", .operation = operation, .blob = "p", .file_name = "p.jpg"};
        Work work;
        add_blob(work, "p");
        add(work, ann, made);
        add(work, ann, made);
        co_await commit(pool, std::move(work));
        co_await keep_image(pool, "q", {});
        auto found = co_await find(pool, ann, made.id, soon());
        found->created_at = {};
        EXPECT_EQ(*found, made);
        EXPECT_EQ(co_await find(pool, bob, made.id, soon()), std::nullopt);
        EXPECT_EQ(co_await word(pool, documents), "portrait p.jpg, enhanced q.jpg");
    });
}

TEST_F(Images, OfAnAvatarAreListedNewestFirstByPages) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId avatar = co_await trained(pool, "a");
        for (const char* name : {"p1", "p2", "p3"}) co_await keep_image(pool, name, avatar);
        co_await keep_image(pool, "enhanced", {});
        EXPECT_THAT(co_await shown(pool, avatar), ElementsAre("p3", "p2", "p1"));
        EXPECT_THAT(co_await shown(pool, avatar, 1, 1), ElementsAre("p2"));
        EXPECT_THAT(co_await shown(pool, avatar, 3, 5), IsEmpty());
    });
}

TEST_F(Images, ThatExpireAreGoneUnlessTheirOwnerKeepsThem) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId avatar = co_await trained(pool, "a");
        const Uuid kept = co_await keep_image(pool, "kept", avatar, 30), lost = co_await keep_image(pool, "lost", avatar, 30);
        co_await hold_on(pool, bob, lost);
        EXPECT_EQ(co_await find(pool, ann, lost, soon()), std::nullopt) << "its file would be gone before it is sent";
        co_await hold_on(pool, ann, kept);
        EXPECT_TRUE((co_await find(pool, ann, kept, soon()))->kept);
        EXPECT_THAT(co_await word(pool, for_ever), testing::AllOf(HasSubstr("kept"), testing::Not(HasSubstr("lost"))));
        Work work;
        work.add(expires, "lost", -1);
        work.add(swept);
        co_await commit(pool, std::move(work));
        co_await forget_expired(pool, soon());
        EXPECT_THAT(co_await shown(pool, avatar), ElementsAre("kept"));
        EXPECT_EQ(co_await word(pool, {"test.images", "SELECT count(*)::text FROM user_images"}), "1");
    });
}

TEST_F(Images, DeletedTakeTheirFileAlongUnlessItIsNamedElsewhere) {
    with([&](Pool& pool) -> Task<void> {
        const Uuid alone = co_await keep_image(pool, "alone", {}), twice = co_await keep_image(pool, "shared", {});
        const Uuid other = co_await keep_image(pool, "shared", {});
        co_await erase_image(pool, bob, alone);
        EXPECT_EQ(co_await blobs(pool), "alone shared");
        for (const Uuid& id : {alone, alone, twice}) co_await erase_image(pool, ann, id);
        EXPECT_EQ(co_await blobs(pool), "shared");
        EXPECT_EQ(co_await word(pool, documents), "enhanced shared.jpg");
        co_await erase_image(pool, ann, other);
        EXPECT_EQ(co_await blobs(pool), "");
    });
}

TEST_F(Images, ADocumentThatNamesTheSameFileKeepsIt) {
    with([&](Pool& pool) -> Task<void> {
        const Uuid id = co_await keep_image(pool, "p", {});
        Work work;
        work.add(archive, Uuid::v7());
        co_await commit(pool, std::move(work));
        co_await erase_image(pool, ann, id);
        EXPECT_EQ(co_await blobs(pool), "p");
    });
}

}  // namespace
}  // namespace persona::portraits

// What two connections do at the same moment: the rules are the database's, so they hold whoever asks.
#include "async/task_group.hpp"
#include "avatar_room.hpp"

namespace persona::avatars {
namespace {

struct AvatarRaces : AvatarRoom {
    // All at once, each on a connection of its own; gives how many committed.
    static Task<int> at_once(Pool& pool, std::vector<Work> works, std::optional<Refused> otherwise) {
        int won = 0;
        TaskGroup group(co_await asio::this_coro::executor, "test");
        for (Work& work : works)
            group.spawn("one", [](Pool& on, Work mine, std::optional<Refused> expected, int& count) -> Task<void> {
                const auto why = co_await outcome(on, std::move(mine));
                count += !why;
                EXPECT_TRUE(!why || why == expected);
            }(pool, std::move(work), otherwise, won));
        EXPECT_TRUE(co_await group.join(soon()));
        co_return won;
    }
};

constexpr postgres::Query mains{"test.mains", "SELECT count(*)::text FROM user_avatars WHERE is_main AND user_id = 1"};
constexpr postgres::Query drafts{"test.drafts", "SELECT count(*)::text FROM user_avatars WHERE state = 'draft' AND user_id = 1"};

TEST_F(AvatarRaces, A34_WhicheverAreMadeMainAtOnceOneIs) {
    with([&](Pool& one) -> Task<void> {
        Pool other(co_await asio::this_coro::executor, {.dsn = Secret(dsn), .size = 2});
        const AvatarId a = co_await trained(one, "a"), b = co_await trained(one, "b");
        for (int round = 0; round < 50; ++round) {
            TaskGroup group(co_await asio::this_coro::executor, "test");
            group.spawn("a", commit(one, choosing(a)));
            group.spawn("b", commit(other, choosing(b)));
            EXPECT_TRUE(co_await group.join(soon()));
            EXPECT_EQ(co_await word(one, mains), "1");
        }
        other.close();
    });
}

TEST_F(AvatarRaces, A34_ADeletedOneOrADraftOrAnothersIsNotMadeMain) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId a = co_await trained(pool, "a"), gone = co_await trained(pool, "b"), draft = co_await draft_of(pool, "c");
        co_await commit(pool, erasing(gone));
        for (const AvatarId id : {gone, draft}) co_await commit(pool, choosing(id));
        co_await commit(pool, choosing(a, bob));
        EXPECT_TRUE((co_await look(pool, a)).main);
        EXPECT_EQ(co_await word(pool, mains), "1");
    });
}

TEST_F(AvatarRaces, A36_DeletedWhileAnotherIsChosenOneIsMain) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId stays = co_await trained(pool, "s");
        for (int round = 0; round < 10; ++round) {
            const AvatarId goes = co_await trained(pool, "g" + std::to_string(round) + ".");
            co_await commit(pool, choosing(goes));
            std::vector<Work> works{erasing(goes), choosing(stays), choosing(goes)};
            EXPECT_EQ(co_await at_once(pool, std::move(works), {}), 3);
            EXPECT_EQ(co_await word(pool, mains), "1");
        }
    });
}

TEST_F(AvatarRaces, A24_OfFiveSubmitsAtOnceOneWins) {
    with([&](Pool& pool) -> Task<void> {
        for (int round = 0; round < 10; ++round) {
            const AvatarId id = co_await draft_of(pool, "a" + std::to_string(round) + ".");
            std::vector<Work> works;
            for (int i = 0; i < 5; ++i) works.push_back(submitting(id));
            EXPECT_EQ(co_await at_once(pool, std::move(works), Refused::other_attempt), 1);
            EXPECT_EQ((co_await look(pool, id)).attempt, 1);
        }
    });
}

TEST_F(AvatarRaces, A1_HoweverOftenADraftIsBegunAtOnceThereIsOne) {
    with([&](Pool& pool) -> Task<void> {
        for (int round = 0; round < 10; ++round) {
            std::vector<Work> works;
            for (int i = 0; i < 6; ++i) works.push_back(beginning(AvatarId(Uuid::v7())));
            EXPECT_EQ(co_await at_once(pool, std::move(works), {}), 6);
            EXPECT_EQ(co_await word(pool, drafts), "1");
            co_await commit(pool, erasing((co_await draft(pool, ann, key, soon()))->id));
        }
    });
}

TEST_F(AvatarRaces, A8_OfPhotosThatComeAtOnceTheLastPlaceIsGivenOnce) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a", most - 1);
        std::vector<Work> works;
        for (int i = 0; i < 6; ++i) works.push_back(adding(id, photo("b" + std::to_string(i))));
        EXPECT_EQ(co_await at_once(pool, std::move(works), Refused::too_many_photos), 1);
        EXPECT_EQ((co_await look(pool, id)).photos, most);
    });
}

TEST_F(AvatarRaces, A6_OfTheSamePhotoTwiceAtOnceOneIsKept) {
    with([&](Pool& pool) -> Task<void> {
        const AvatarId id = co_await draft_of(pool, "a", 1);
        std::vector<Work> works;
        for (int i = 0; i < 4; ++i) works.push_back(adding(id, photo("same")));
        EXPECT_EQ(co_await at_once(pool, std::move(works), Refused::same_photo), 1);
        EXPECT_EQ((co_await look(pool, id)).photos, 2);
    });
}

}  // namespace
}  // namespace persona::avatars

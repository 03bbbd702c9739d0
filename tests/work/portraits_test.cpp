// Portraits of a trained avatar: stored, shown, charged by the piece.
#include "requests.hpp"
#include "studio/portraits/images.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using Reason = ai::PortraitError::Reason;

constexpr postgres::Query blobs_for_ever{"test.for_ever",
                                         "SELECT count(*)::text FROM blobs b JOIN user_images i ON i.blob = b.name WHERE b.expires_at IS NULL"};
constexpr postgres::Query expire{"test.expire", "UPDATE blobs SET expires_at = now() WHERE expires_at IS NOT NULL"};

// After a training of 10 coins there are 90.
struct Portraits : WorkTest {
    static Task<std::vector<portraits::Image>> images(Studio& s, AvatarId avatar) {
        co_return co_await portraits::of_avatar(s.pool, anna, avatar, 0, 10, soon());
    }
    // The cards since the avatar was trained.
    static std::vector<std::string> shown(const Studio& s) {
        std::vector<std::string> out;
        for (const std::string& card : cards(s))
            if (card.contains("pi-keep:")) out.push_back(card);
        return out;
    }
    static Task<void> voided(Studio& s) {
        EXPECT_EQ(co_await avatar_books(s), "90.00 coins, 0.00 held; charged 1, voided 1; ready 1");
        EXPECT_EQ(times_said(s, "❌ Не получилось нарисовать портрет. Ничего не списано."), 1u);
        EXPECT_THAT(shown(s), SizeIs(0));
        EXPECT_FALSE(s.said("provider.internal"));
    }
};

TEST_F(Portraits, AreStoredShownAndChargedByThePiece) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        co_await order_portraits(s, avatar, 3);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), "84.00 coins, 0.00 held; charged 2, voided 0; ready 1");
        EXPECT_THAT(shown(s), AllOf(SizeIs(3), Each(AllOf(HasSubstr("Без имени"), HasSubstr("pi-more:"), HasSubstr("pi-ask:")))));
        EXPECT_TRUE(s.said("3 фото, списано 6.00 🪙, доступно 84.00 🪙."));
        const auto there = co_await images(s, avatar);
        EXPECT_THAT(there, SizeIs(3));
        const auto key = co_await s.vault.key_of(anna, soon());
        EXPECT_THAT(co_await s.blobs.read(storage::BlobName(there.back().blob), key, 100), HasSubstr("portrait "));
        EXPECT_EQ(there[0].style, "noir");
        EXPECT_EQ(there[0].aspect, "square");
        const ai::ImageOrder& order = s.photographer.orders.at(0);
        EXPECT_EQ(order.model.model, "a lesson");
        EXPECT_THAT(order.model.files, ElementsAre("a lora", "a config"));
    });
}

TEST_F(Portraits, FewerThanOrderedChargeLessAndMoreAreNotGiven) {
    for (const std::size_t made : {2u, 6u})
        with([&](Studio& s) -> Task<void> {
            s.photographer.draw = [&](int) {
                ai::Images images;
                for (std::size_t i = 0; i < made; ++i) images.push_back("portrait " + std::to_string(i));
                return images;
            };
            s.hire();
            const AvatarId avatar = co_await ready_avatar(s);
            co_await order_portraits(s, avatar, 4);
            co_await s.until_quiet();
            const bool fewer = made < 4;
            EXPECT_EQ(co_await avatar_books(s), (fewer ? "86.00" : "82.00") + std::string(" coins, 0.00 held; charged 2, voided 0; ready 1"));
            EXPECT_THAT(shown(s), SizeIs(fewer ? 2 : 4));
            EXPECT_EQ(s.said("⚠️ Получилось 2 из 4: за остальные не списано."), fewer);
            EXPECT_TRUE(s.said(fewer ? "списано 4.00 🪙, доступно 86.00 🪙." : "списано 8.00 🪙, доступно 82.00 🪙."));
        });
}

TEST_F(Portraits, NoneOrARefusalOrAProviderThatStaysDownCostNothing) {
    const std::vector<std::pair<std::function<Photographer::Painting(int)>, int>> cases{
        {[](int) { return ai::Images{}; }, 1},
        {[](int) { return Photographer::failing(Reason::refused); }, 1},
        {[](int) { return Photographer::failing(Reason::unreachable); }, 3}};
    for (const auto& [draw, calls] : cases)
        with([&](Studio& s) -> Task<void> {
            s.photographer.draw = draw;
            s.hire();
            const AvatarId avatar = co_await ready_avatar(s);
            co_await order_portraits(s, avatar, 2);
            co_await hurry_until_quiet(s);
            EXPECT_EQ(s.photographer.paintings, calls);
            co_await voided(s);
        });
}

TEST_F(Portraits, AProviderThatIsDownForAWhileIsAskedAgain) {
    with([](Studio& s) -> Task<void> {
        s.photographer.draw = [](int time) -> Photographer::Painting {
            return time < 3 ? Photographer::Painting(Photographer::failing(Reason::unreachable)) : ai::Images{"a portrait"};
        };
        s.hire();
        co_await order_portraits(s, co_await ready_avatar(s));
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await avatar_books(s), "88.00 coins, 0.00 held; charged 2, voided 0; ready 1");
        EXPECT_THAT(shown(s), SizeIs(1));
    });
}

TEST_F(Portraits, A26_ThoseUnderWayOutliveTheirWorkerAndAreDeliveredOnce) {
    with([](Studio& s) -> Task<void> {
        s.photographer.draw = [](int) { return ai::Pending{"request-1"}; };
        s.photographer.look_at_painting = [](int) { return ai::Waiting{.place = 0}; };
        Hired& first = s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        const Uuid job = co_await order_portraits(s, avatar);
        co_await hurry_until_said(s, "место в очереди 1.");
        co_await s.kill(first);
        s.hire();
        s.hire();
        for (int i = 0; i < 5; ++i) co_await hear(s, job, "a portrait that was told");
        co_await hurry_until_quiet(s);
        EXPECT_EQ(co_await hear(s, job, "a portrait that was told"), portraits::Told::late);
        EXPECT_EQ(s.photographer.paintings, 1);
        EXPECT_EQ(co_await avatar_books(s), "88.00 coins, 0.00 held; charged 2, voided 0; ready 1");
        EXPECT_THAT(shown(s), SizeIs(1));
    });
}

TEST_F(Portraits, A30_WithoutAResultInTimeTheyCostNothing) {
    with([](Studio& s) -> Task<void> {
        s.photographer.draw = [](int) { return ai::Pending{"request-1"}; };
        s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        const Uuid job = co_await order_portraits(s, avatar);
        co_await hurry_until(s, [&] { return s.photographer.looks > 0; }, "a look");
        co_await let_time_pass(s, job);
        co_await hurry_until_quiet(s);
        EXPECT_THAT(s.photographer.cancelled, ElementsAre("request-1"));
        co_await voided(s);
    });
}

TEST_F(Portraits, LostHalfWayTheSameOrderIsGivenAgainWhereNobodyHasSeenIt) {
    with([](Studio& s) -> Task<void> {
        s.photographer.local = true;
        Hired& first = s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        bool waits = false;
        s.photographer.before = [&]() -> Task<void> {
            waits = true;
            co_await pause(1h);
        };
        co_await order_portraits(s, avatar, 2);
        co_await s.until([&] { return waits; }, "the call");
        co_await s.kill(first);
        s.photographer.before = {};
        s.hire();
        co_await s.until_quiet();
        EXPECT_THAT(s.photographer.orders, SizeIs(2));
        EXPECT_EQ(s.photographer.orders[0].seed, s.photographer.orders[1].seed) << "so that the same images come";
        EXPECT_EQ(co_await avatar_books(s), "86.00 coins, 0.00 held; charged 2, voided 0; ready 1");
        EXPECT_THAT(shown(s), SizeIs(2));
    });
}

TEST_F(Portraits, CancelledOrOfADeletedAvatarTheyCostNothing) {
    for (const bool deleted : {true, false})
        with([&](Studio& s) -> Task<void> {
            s.photographer.draw = [](int) { return ai::Pending{"request-1"}; };
            s.hire();
            const AvatarId avatar = co_await ready_avatar(s);
            const Uuid job = co_await order_portraits(s, avatar);
            co_await hurry_until(s, [&] { return s.photographer.looks > 0; }, "a look");
            if (deleted)
                co_await s.act({EraseAvatar{avatar.value}});
            else
                co_await s.act({CancelJob{job}});
            co_await hurry_until_quiet(s);
            EXPECT_EQ(co_await avatar_books(s), "90.00 coins, 0.00 held; charged 1, voided 1; " + std::string(deleted ? "no avatar" : "ready 1"));
            EXPECT_THAT(s.photographer.cancelled, ElementsAre("request-1"));
            EXPECT_TRUE(s.said("Ничего не списано."));
            EXPECT_THAT(shown(s), SizeIs(0));
        });
}

TEST_F(Portraits, OfAnAvatarThatAnotherProviderTrainedTheyCostNothing) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        s.photographer.called = "another";
        co_await order_portraits(s, avatar);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), "90.00 coins, 0.00 held; charged 1, voided 1; ready 1");
        EXPECT_TRUE(s.said("обучен другим сервисом"));
        EXPECT_THAT(s.photographer.orders, SizeIs(0)) << "nobody was given a model that is not theirs";
    });
}

TEST_F(Portraits, TheyExpireUnlessTheirOwnerKeepsThem) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        co_await order_portraits(s, avatar, 2);
        co_await s.until_quiet();
        EXPECT_EQ(co_await s.ask(blobs_for_ever), "0");
        const auto made = co_await images(s, avatar);
        co_await s.act({KeepImage{made.at(0).id}});
        EXPECT_EQ(co_await s.ask(blobs_for_ever), "1");
        co_await s.pool.read(soon(), expire);
        const auto left = co_await images(s, avatar);
        EXPECT_THAT(left, SizeIs(1));
        EXPECT_EQ(left.at(0).id, made.at(0).id);
        co_await s.act({EraseImage{left.at(0).id}});
        EXPECT_EQ(co_await s.ask(blobs_for_ever), "0");
    });
}

}  // namespace
}  // namespace persona::bot

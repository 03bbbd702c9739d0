// A training at a provider: on good days, on bad ones, and when the person no longer wants it.
#include "darkroom.hpp"
#include "requests.hpp"

namespace persona::bot {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Gt;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Reason = ai::PortraitError::Reason;

constexpr const char* charged_once = "90.00 coins, 0.00 held; charged 1, voided 0; ready 1";
constexpr const char* voided_once = "100.00 coins, 0.00 held; charged 0, voided 1; failed 1";
constexpr const char* done = "✅ Ваш аватар готов!";
constexpr const char* failed = "❌ Ошибка обучения аватара.";

struct Training : WorkTest {
    static Task<avatars::Model> model_of(Studio& s, AvatarId avatar) {
        const auto model = co_await avatars::model(s.pool, anna, co_await s.vault.key_of(anna, soon()), avatar, soon());
        co_return model ? *model : throw Error("there is no model");
    }
    // The person presses 🗑 and confirms, as the flow does it.
    static Task<void> erase_in_training(Studio& s, AvatarId avatar) {
        std::vector<Effect> effects{CancelJob{training_job(avatar.value, 0)}, EraseAvatar{avatar.value}};
        co_await s.act(std::move(effects));
    }
};

TEST_F(Training, A27_EndsOnceWithModelFilesChargeAndNotice) {
    with([](Studio& s) -> Task<void> {
        s.hire();
        const AvatarId avatar = co_await draft_with(s);
        co_await s.act({DescribeAvatar{avatar.value, "<i>A&B_*", ai::Gender::female}});
        co_await order_training(s, avatar);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), charged_once);
        EXPECT_THAT(s.texts(), Contains("✅ Ваш аватар готов!\n«<i>A&B_*»: списано 10.00 🪙, доступно 90.00 🪙.").Times(1)) << "A20: literally";
        EXPECT_EQ(buttons_of(s, done), "gallery_styles");
        EXPECT_THAT(s.photographer.photos, AllOf(SizeIs(few_photos), Each(Gt(1000u))));
        const auto model = co_await model_of(s, avatar);
        EXPECT_EQ(model.model, "a lesson");
        EXPECT_EQ(model.provider, "Photographer");
        const auto key = co_await s.vault.key_of(anna, soon());
        EXPECT_EQ(co_await s.blobs.read(storage::BlobName(model.blobs.at(0)), key, 100), "a lora");
        EXPECT_EQ(co_await s.blobs.read(storage::BlobName(model.blobs.at(1)), key, 100), "a config");
        EXPECT_THAT(co_await photos_of(s, avatar), SizeIs(few_photos)) << "they stay where the operator does not drop them";
    });
}

TEST_F(Training, A39_ItsPhotosAreDroppedAndThePreviewStays) {
    with([](Studio& s) -> Task<void> {
        s.atelier.drop_photos = true;
        s.hire();
        const AvatarId avatar = co_await ready_avatar(s);
        EXPECT_THAT(co_await photos_of(s, avatar), IsEmpty());
        EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "3") << "the preview and two files of the model";
        const auto found = co_await look(s, avatar);
        const auto key = co_await s.vault.key_of(anna, soon());
        EXPECT_THAT(co_await s.blobs.read(storage::BlobName(found->preview), key, 1 << 20), testing::StartsWith("\xFF\xD8"));
    });
}

TEST_F(Training, A25_AProviderThatIsDownIsAskedAgainThenNothingIsCharged) {
    with([](Studio& s) -> Task<void> {
        s.photographer.learn = [](int time) -> Photographer::Learning {
            return time <= 3 ? Photographer::Learning(Photographer::failing(Reason::unreachable)) : ai::Trained{"a lesson", {}};
        };
        s.hire();
        const AvatarId avatar = co_await draft_with(s);
        co_await order_training(s, avatar);
        co_await hurry_until_quiet(s);
        EXPECT_EQ(s.photographer.trainings, 3);
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ(times_said(s, failed), 1u);
        EXPECT_FALSE(s.said("provider.internal"));
        const auto found = co_await look(s, avatar);
        EXPECT_EQ(found->reason, "failed");
        EXPECT_EQ(found->photos, few_photos);
        EXPECT_EQ(buttons_of(s, failed), "av-again:" + compact(avatar.value) + ":1");
        co_await order_training(s, avatar, 1);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), "90.00 coins, 0.00 held; charged 1, voided 1; ready 1");
        EXPECT_EQ(times_said(s, done), 1u);
    });
}

TEST_F(Training, A25_ARefusalIsFinalAtOnceAndSaysWhatItMeans) {
    struct Case {
        Reason reason;
        const char* kept;
        const char* words;
    };
    for (const Case& c : {Case{Reason::refused, "refused", "сервис отказал."}, Case{Reason::quota, "refused", "сервис отказал."},
                          Case{Reason::photos, "photos", "фото не подошли"}})
        with([&](Studio& s) -> Task<void> {
            s.photographer.learn = [&](int) { return Photographer::failing(c.reason); };
            s.hire();
            const AvatarId avatar = co_await draft_with(s);
            co_await order_training(s, avatar);
            co_await s.until_quiet();
            EXPECT_EQ(s.photographer.trainings, 1);
            EXPECT_EQ(co_await avatar_books(s), voided_once);
            EXPECT_EQ((co_await look(s, avatar))->reason, c.kept);
            EXPECT_THAT(s.texts(), Contains(AllOf(HasSubstr(failed), HasSubstr(c.words), HasSubstr("Ничего не списано"))).Times(1));
            EXPECT_EQ(buttons_of(s, failed), "av-again:" + compact(avatar.value) + ":1");
        });
}

TEST_F(Training, TheLiveMessageFollowsTheProvidersQueue) {
    with([](Studio& s) -> Task<void> {
        s.photographer.learn = [](int) { return ai::Pending{"request-1"}; };
        s.photographer.look_at_training = [](int time) -> Photographer::Learnt {
            return time < 3 ? Photographer::Learnt(ai::Waiting{.place = 2}) : ai::Trained{"a lesson", {}};
        };
        s.hire();
        const AvatarId avatar = co_await draft_with(s);
        co_await order_training(s, avatar);
        co_await hurry_until_quiet(s);
        EXPECT_TRUE(s.said("⏳ Обучение аватара: место в очереди 3."));
        EXPECT_EQ(co_await avatar_books(s), charged_once);
    });
}

TEST_F(Training, ACancelledOneIsCancelledThereAndMayBeTriedAgain) {
    with([](Studio& s) -> Task<void> {
        s.photographer.learn = [](int) { return ai::Pending{"request-1"}; };
        s.hire();
        const AvatarId avatar = co_await draft_with(s);
        const Uuid job = co_await order_training(s, avatar);
        co_await hurry_until(s, [&] { return s.photographer.looks > 0; }, "a look");
        co_await s.act({CancelJob{job}});
        co_await s.until_said("✖️ Обучение отменено. Ничего не списано.");
        co_await s.until_quiet();
        EXPECT_THAT(s.photographer.cancelled, ElementsAre("request-1"));
        EXPECT_EQ(co_await avatar_books(s), voided_once);
        EXPECT_EQ((co_await look(s, avatar))->reason, "cancelled");
        EXPECT_FALSE(s.said(failed));
        s.photographer.learn = [](int) { return ai::Trained{"a lesson", {}}; };
        co_await order_training(s, avatar, 1);
        co_await s.until_quiet();
        EXPECT_EQ(co_await avatar_books(s), "90.00 coins, 0.00 held; charged 1, voided 1; ready 1");
    });
}

TEST_F(Training, A37_DeletedItIsCancelledThereVoidedAndALateResultIsDropped) {
    for (const bool by_its_button : {true, false})
        with([&](Studio& s) -> Task<void> {
            s.photographer.learn = [](int) { return ai::Pending{"request-1"}; };
            s.hire();
            const AvatarId avatar = co_await draft_with(s);
            const Uuid job = co_await order_training(s, avatar);
            co_await hurry_until(s, [&] { return s.photographer.looks > 0; }, "a look");
            if (by_its_button)
                co_await erase_in_training(s, avatar);
            else
                co_await s.act({EraseAvatar{avatar.value}});
            co_await hurry_until_said(s, "✖️ Обучение отменено. Ничего не списано.");
            co_await s.until_quiet();
            EXPECT_THAT(s.photographer.cancelled, ElementsAre("request-1"));
            EXPECT_EQ(co_await hear(s, job, "a lesson"), portraits::Told::late);
            co_await s.until_quiet();
            EXPECT_EQ(co_await avatar_books(s), "100.00 coins, 0.00 held; charged 0, voided 1; no avatar");
            EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "0");
            EXPECT_FALSE(s.said(done));
        });
}

TEST_F(Training, A37_DeletedWhileItsResultIsInHandItLeavesNothing) {
    for (const bool cancelled : {true, false})
        with([&](Studio& s) -> Task<void> {
            bool waits = false, goes = false;
            s.photographer.before = [&]() -> Task<void> {
                waits = true;
                co_await s.until([&] { return goes; }, "the word to go on");
            };
            s.hire();
            const AvatarId avatar = co_await draft_with(s);
            co_await order_training(s, avatar);
            co_await s.until([&] { return waits; }, "the training");
            if (cancelled)
                co_await erase_in_training(s, avatar);
            else
                co_await s.act({EraseAvatar{avatar.value}});
            goes = true;
            co_await s.until_said("✖️ Обучение отменено. Ничего не списано.");
            co_await s.until_quiet();
            EXPECT_EQ(co_await avatar_books(s), "100.00 coins, 0.00 held; charged 0, voided 1; no avatar");
            EXPECT_EQ(co_await s.ask({"test.blobs", "SELECT count(*)::text FROM blobs"}), "0");
            EXPECT_FALSE(s.said(done));
        });
}

}  // namespace
}  // namespace persona::bot

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "ai/local/portrait/engine.hpp"
#include "ai/local/portrait/styles.hpp"
#include "async/within.hpp"
#include "support/run.hpp"
#include "unit/ai/photo_room.hpp"

namespace persona::ai {
namespace {

using portraits::Cutout;
using portraits::rendered;

constexpr int small = 256;  // the longest side of what tests look at

double share(const Cutout& cutout, float x, float y) {
    return cutout.person[static_cast<std::size_t>(y) * Cutout::side + static_cast<std::size_t>(x)] / 255.0;
}

double difference(const media::Picture& a, const media::Picture& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i) sum += std::abs(a.rgb[i] - b.rgb[i]);
    return sum / static_cast<double>(a.rgb.size());
}

TEST(Cutout, HoldsThePersonAndNotTheCorners) {
    const Cutout& cutout = PhotoRoom::cutout();
    for (const Spot spot : {cutout.face.left_eye, cutout.face.right_eye, cutout.face.nose, cutout.face.mouth})
        EXPECT_GT(share(cutout, spot.x, spot.y), 0.95);
    EXPECT_GT(share(cutout, 512, 1000), 0.9) << "the chest";
    EXPECT_LT(share(cutout, 20, 20), 0.05);
    EXPECT_LT(share(cutout, 1003, 20), 0.05);
    EXPECT_NEAR(cutout.face.roll(), 0, 0.02) << "upright";
    EXPECT_NEAR(cutout.face.left + cutout.face.width / 2, 512, 1);
}

TEST(Cutout, ComesBackFromItsBytes) {
    const Cutout& cutout = PhotoRoom::cutout();
    const std::string bytes = cutout.bytes();
    EXPECT_LT(bytes.size(), 600'000u);
    const auto back = Cutout::of(bytes);
    ASSERT_TRUE(back);
    EXPECT_LT(difference(back->picture, cutout.picture), 3);
    EXPECT_EQ(back->face.mouth.y, cutout.face.mouth.y);
    EXPECT_EQ(back->bottom, cutout.bottom);
    EXPECT_NEAR(share(*back, 512, 1000), share(cutout, 512, 1000), 0.05);
}

TEST(Cutout, DamagedBytesAreRefused) {
    const std::string bytes = PhotoRoom::cutout().bytes();
    EXPECT_FALSE(Cutout::of(""));
    EXPECT_FALSE(Cutout::of("PCUT1\n"));
    EXPECT_FALSE(Cutout::of(bytes.substr(0, bytes.size() - 1)));
    EXPECT_FALSE(Cutout::of(bytes + "x"));
    for (const std::size_t at : {0ul, 8ul, 12ul, 17ul, 40ul, bytes.size() / 2, bytes.size() - 1}) {
        std::string damaged = bytes;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x11);
        EXPECT_FALSE(Cutout::of(damaged)) << at;
    }
}

TEST(Cutout, AFaceWithNobodyAboutItGivesNone) {
    const Face drawn{.left = 100, .top = 100, .width = 100, .height = 100, .left_eye = {130, 140}, .right_eye = {170, 140}};
    EXPECT_FALSE(portraits::cut(plain(400, 400, 128), drawn, PhotoRoom::it().segmentation));
    EXPECT_FALSE(portraits::cut(PhotoRoom::it().astronaut, Face{}, PhotoRoom::it().segmentation));
}

class Look : public testing::TestWithParam<Style> {};

TEST_P(Look, IsTheSameForASeedAndAnotherForTheNext) {
    const auto one = rendered(PhotoRoom::cutout(), GetParam(), Aspect::square, 7, small);
    EXPECT_EQ(one, rendered(PhotoRoom::cutout(), GetParam(), Aspect::square, 7, small));
    EXPECT_GT(difference(one, rendered(PhotoRoom::cutout(), GetParam(), Aspect::square, 10, small)), 1);
}

TEST_P(Look, HasTheSizeOfItsAspect) {
    for (const Aspect aspect : {Aspect::portrait, Aspect::square, Aspect::landscape}) {
        const auto picture = rendered(PhotoRoom::cutout(), GetParam(), aspect, 1, small);
        EXPECT_EQ(picture.width, size_of(aspect, small).width);
        EXPECT_EQ(picture.height, size_of(aspect, small).height);
        EXPECT_EQ(picture.rgb.size(), static_cast<std::size_t>(picture.width) * static_cast<std::size_t>(picture.height) * 3);
    }
}

TEST_P(Look, LooksLikeNoOther) {
    const auto own = rendered(PhotoRoom::cutout(), GetParam(), Aspect::portrait, 3, small);
    for (const Style other : all_styles)
        if (other != GetParam()) EXPECT_GT(difference(own, rendered(PhotoRoom::cutout(), other, Aspect::portrait, 3, small)), 6) << name(other);
}

TEST_P(Look, KeepsAFaceThatIsFoundWhereItStands) {
    const auto scene = portraits::scene_of(PhotoRoom::cutout(), Aspect::portrait, 1, 768);
    const auto found = PhotoRoom::it().finder.find(rendered(PhotoRoom::cutout(), GetParam(), Aspect::portrait, 1, 768));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NEAR(found[0].left + found[0].width / 2, scene.middle().x, 0.15 * scene.face.width);
    EXPECT_NEAR(found[0].top + found[0].height / 2, scene.middle().y, 0.15 * scene.face.height);
}

INSTANTIATE_TEST_SUITE_P(All, Look, testing::ValuesIn(all_styles), [](const auto& style) { return std::string(name(style.param)); });

TEST(Scene, ShouldersReachTheLowerEdgeInEveryAspect) {
    for (const Aspect aspect : {Aspect::portrait, Aspect::square, Aspect::landscape}) {
        const auto scene = portraits::scene_of(PhotoRoom::cutout(), aspect, 1);
        EXPECT_GT(scene.share(scene.size.height - 1, scene.size.width / 2), 0.9) << name(aspect);
        EXPECT_LT(scene.share(0, scene.size.width / 2), 0.05) << "room above the hair: " << name(aspect);
    }
}

TEST(Scene, APhotoThatEndsEarlyLeavesNoFloatingBust) {
    media::Picture chin = PhotoRoom::it().astronaut;
    chin.height = 215;
    chin.rgb.resize(static_cast<std::size_t>(chin.width) * 215 * 3);
    const auto cutout = portraits::cut(chin, PhotoRoom::it().finder.find(chin).at(0), PhotoRoom::it().segmentation);
    ASSERT_TRUE(cutout);
    for (const Aspect aspect : {Aspect::portrait, Aspect::square, Aspect::landscape}) {
        const auto scene = portraits::scene_of(*cutout, aspect, 1);
        EXPECT_GT(scene.share(scene.size.height - 1, static_cast<int>(scene.middle().x)), 0.8) << name(aspect);
    }
}

class LocalEngine : public testing::Test {
protected:
    static LocalPortraits& engine() {
        static LocalPortraits one(pool(), PhotoRoom::it().finder, places::models());
        return one;
    }
    static CpuPool& pool() {
        static CpuPool threads(1);
        return threads;
    }
    static TrainingPhoto photo(const media::Picture& picture, double clearness) {
        return {.clearness = clearness, .jpeg = {}, .pixels = [&picture](media::PictureWish) -> Task<media::Picture> { co_return picture; }};
    }
    static auto train(std::vector<TrainingPhoto> photos) {
        return run([&]() -> Task<PortraitResult<std::variant<Pending, Trained>>> {
            co_return co_await engine().train({.photos = std::move(photos)}, Deadline::after(1min));
        });
    }
    static auto paint(ImageOrder order, Deadline deadline = Deadline::after(1min)) {
        return run([&]() -> Task<PortraitResult<std::variant<Pending, Images>>> { co_return co_await engine().paint(std::move(order), deadline); });
    }
};

TEST_F(LocalEngine, LearnsAndPaintsAtOnce) {
    const media::Picture empty = plain(600, 600, 120);
    const auto learnt = train({photo(empty, 9), photo(PhotoRoom::it().astronaut, 5)});
    ASSERT_TRUE(learnt);
    const Trained& trained = std::get<Trained>(*learnt);
    EXPECT_EQ(trained.files.size(), 1u) << "a photo of nobody gives no cutout";

    const auto painted = paint({.model = trained, .style = Style::studio, .aspect = Aspect::landscape, .count = 2, .seed = 5});
    ASSERT_TRUE(painted);
    const Images& images = std::get<Images>(*painted);
    ASSERT_EQ(images.size(), 2u);
    EXPECT_TRUE(images[0].starts_with("\xff\xd8\xff"));
    EXPECT_NE(images[0], images[1]) << "another seed for each image";
    EXPECT_EQ(std::get<Images>(*paint({.model = trained, .style = Style::studio, .aspect = Aspect::landscape, .seed = 6})).at(0), images[1]);
}

TEST_F(LocalEngine, TakesTheClearestFour) {
    int asked = 0;
    std::vector<TrainingPhoto> photos;
    for (int i = 0; i < 6; ++i)
        photos.push_back({.clearness = static_cast<double>(i), .jpeg = {}, .pixels = [&asked, i](media::PictureWish wish) -> Task<media::Picture> {
                              asked += i;
                              EXPECT_EQ(wish.most_side, 2048);
                              co_return PhotoRoom::it().astronaut;
                          }});
    const auto learnt = train(std::move(photos));
    EXPECT_EQ(std::get<Trained>(*learnt).files.size(), 4u);
    EXPECT_EQ(asked, 5 + 4 + 3 + 2);
}

TEST_F(LocalEngine, SaysThatPhotosOfNobodyTeachNothing) {
    const media::Picture empty = plain(600, 600, 120);
    EXPECT_EQ(train({photo(empty, 1)}).error().reason, PortraitError::Reason::photos);
    EXPECT_EQ(train({}).error().reason, PortraitError::Reason::photos);
}

TEST_F(LocalEngine, RefusesAModelThatHoldsNoCutout) {
    EXPECT_EQ(paint({.model = {.model = "{}", .files = {"junk"}}}).error().reason, PortraitError::Reason::refused);
    EXPECT_EQ(paint({}).error().reason, PortraitError::Reason::refused);
}

TEST_F(LocalEngine, LeavesNothingPending) {
    const auto refused = run([&]() -> Task<bool> {
        const auto later = Deadline::after(1min);
        co_return !co_await engine().training("x", later) && !co_await engine().painting("x", later) && !co_await engine().trained("x", later) &&
            !co_await engine().painted("x", later);
    });
    EXPECT_TRUE(refused);
}

TEST_F(LocalEngine, ADeadlineEndsAnOrderBetweenTwoImages) {
    ImageOrder order{.model = {.files = {PhotoRoom::cutout().bytes()}}, .style = Style::oil, .count = 4};
    EXPECT_THROW(paint(std::move(order), Deadline::after(1ms)), TimedOut);
}

}  // namespace
}  // namespace persona::ai

#include <gtest/gtest.h>

#include <cmath>

#include "media/pixels.hpp"
#include "unit/ai/photo_room.hpp"

namespace persona::ai {
namespace {

Face face(float left, float top, float side) {
    return {.left = left,
            .top = top,
            .width = side,
            .height = side,
            .left_eye = {left + side * 0.3f, top + side * 0.4f},
            .right_eye = {left + side * 0.7f, top + side * 0.4f},
            .nose = {left + side / 2, top + side * 0.6f},
            .mouth = {left + side / 2, top + side * 0.8f},
            .score = 1};
}

TEST(Faces, TheOneOfAPortraitIsFoundWhereItIs) {
    const PhotoRoom& room = PhotoRoom::it();
    const auto found = room.finder.find(room.astronaut);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NEAR(found[0].left + found[0].width / 2, 225, 12);
    EXPECT_NEAR(found[0].top + found[0].height / 2, 127, 12);
    EXPECT_LT(found[0].left_eye.x, found[0].right_eye.x);
    EXPECT_LT(found[0].nose.y, found[0].mouth.y);
    EXPECT_NEAR(found[0].roll(), 0, 0.15);
    EXPECT_EQ(judge_faces(found, room.astronaut.width, room.astronaut.height), FaceFault::none);
}

TEST(Faces, ProportionsOfANarrowPhotoAreKept) {
    const PhotoRoom& room = PhotoRoom::it();
    const auto found = room.finder.find(beside(room.astronaut, plain(700, 512, 90)));
    ASSERT_EQ(found.size(), 1u);
    EXPECT_NEAR(found[0].left + found[0].width / 2, 225, 15);
    EXPECT_NEAR(found[0].width / found[0].height, 1, 0.15);
}

TEST(Faces, NobodyIsInAGradientOrInNothing) {
    media::Picture gradient = plain(400, 300, 0);
    for (std::size_t i = 0; i < gradient.rgb.size(); ++i) gradient.rgb[i] = static_cast<std::uint8_t>(i / 3 % 400 * 255 / 400);
    const auto found = PhotoRoom::it().finder.find(gradient);
    EXPECT_TRUE(found.empty());
    EXPECT_EQ(judge_faces(found, 400, 300), FaceFault::nobody);
    EXPECT_TRUE(PhotoRoom::it().finder.find({}).empty());
    EXPECT_TRUE(PhotoRoom::it().finder.find(plain(1, 3000, 7)).empty());
}

TEST(Faces, TwoPeopleAreSeveral) {
    const PhotoRoom& room = PhotoRoom::it();
    const auto found = room.finder.find(beside(room.astronaut, room.astronaut));
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(judge_faces(found, 1024, 512), FaceFault::several);
}

TEST(Faces, SomebodySmallBehindDoesNotCount) {
    EXPECT_EQ(judge_faces({face(200, 200, 300), face(10, 10, 140)}, 1000, 1000), FaceFault::none);
    EXPECT_EQ(judge_faces({face(200, 200, 300), face(10, 10, 160)}, 1000, 1000), FaceFault::several);
}

TEST(Faces, TooSmallIsByPixelsAndByThePicture) {
    EXPECT_EQ(judge_faces({face(200, 200, 99)}, 500, 500), FaceFault::too_small);
    EXPECT_EQ(judge_faces({face(200, 200, 101)}, 500, 500), FaceFault::none);
    EXPECT_EQ(judge_faces({face(200, 200, 290)}, 3000, 2000), FaceFault::too_small);
    const PhotoRoom& room = PhotoRoom::it();
    const auto small = media::resized(room.astronaut, 300);
    EXPECT_EQ(judge_faces(room.finder.find(small), small.width, small.height), FaceFault::too_small);
}

TEST(Faces, CutOffByAnyEdge) {
    EXPECT_EQ(judge_faces({face(-20, 100, 200)}, 600, 600), FaceFault::cut_off);
    EXPECT_EQ(judge_faces({face(100, -20, 200)}, 600, 600), FaceFault::cut_off);
    EXPECT_EQ(judge_faces({face(420, 100, 200)}, 600, 600), FaceFault::cut_off);
    EXPECT_EQ(judge_faces({face(100, 420, 200)}, 600, 600), FaceFault::cut_off);
    EXPECT_EQ(judge_faces({face(0, 0, 200)}, 600, 600), FaceFault::none);
    Face turned = face(390, 100, 200);
    turned.right_eye.x = 601;
    EXPECT_EQ(judge_faces({turned}, 600, 600), FaceFault::cut_off);
}

TEST(Faces, RollIsPositiveWhenTheHeadLeansToTheViewersRight) {
    Face leaning = face(0, 0, 100);
    EXPECT_FLOAT_EQ(leaning.roll(), 0);
    leaning.right_eye.y += 40;
    EXPECT_NEAR(leaning.roll(), std::atan(1.0), 1e-5);
}

}  // namespace
}  // namespace persona::ai

#include "ai/before_after.hpp"

#include <gtest/gtest.h>

#include "bad_photos.hpp"

namespace persona::ai {
namespace {

using namespace test;

int at(const Picture& picture, int x, int y) { return pixels_of(picture).at<cv::Vec3b>(y, x)[0]; }

TEST(BeforeAfter, ShowsBeforeOnTheLeftAndAfterOnTheRight) {
    const Picture out = before_after(flat(300, 200, 40), flat(600, 400, 140));
    EXPECT_EQ(out.width, 600);
    EXPECT_EQ(out.height, 400);
    for (const int y : {0, 399}) {
        EXPECT_EQ(at(out, 0, y), 40);
        EXPECT_EQ(at(out, 297, y), 40);
        EXPECT_EQ(at(out, 300, y), 255) << "a line";
        EXPECT_EQ(at(out, 303, y), 140);
        EXPECT_EQ(at(out, 599, y), 140);
    }
}

TEST(BeforeAfter, BothShowTheSameFrame) {
    const Picture small = sized(good_photo(), 256, 256), out = before_after(small, good_photo());
    EXPECT_GT(psnr(sized(out, 256, 256), small), 25);
}

TEST(BeforeAfter, IsNeverTooLargeNorNothing) {
    const Picture out = before_after(flat(2000, 1000, 1), flat(4000, 2000, 2));
    EXPECT_EQ(out.width, 1280);
    EXPECT_EQ(out.height, 640);
    for (const auto& [width, height] : {std::pair{1, 1}, {2, 900}, {5000, 1}}) {
        const Picture tiny = before_after(flat(width, height, 9), flat(width, height, 9));
        EXPECT_EQ(tiny.rgb.size(), pixels_of(tiny).total() * 3);
        EXPECT_GE(std::min(tiny.width, tiny.height), 1);
    }
}

}  // namespace
}  // namespace persona::ai

#include "media/pixels.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgproc.hpp>

#include "unit/media/picture_room.hpp"

namespace persona::media {
namespace {

class Pixels : public PictureRoom {
protected:
    static cv::Mat view(Picture& picture) { return {picture.height, picture.width, CV_8UC3, picture.rgb.data()}; }
    static Picture changed(Picture picture, const std::function<void(cv::Mat&)>& change) {
        cv::Mat pixels = view(picture);
        change(pixels);
        return picture;
    }
    static Picture lighter(const Picture& picture, double factor, double offset) {
        return changed(picture, [=](cv::Mat& m) { m.convertTo(m, -1, factor, offset); });
    }
    static Picture blurred_by(const Picture& picture, double sigma) {
        return changed(picture, [=](cv::Mat& m) { cv::GaussianBlur(m, m, {}, sigma); });
    }
};

TEST_F(Pixels, ASmallerPictureKeepsItsShape) {
    const Picture half = resized(corners(400, 200), 100);
    EXPECT_EQ(half.width, 100);
    EXPECT_EQ(half.height, 50);
    EXPECT_EQ(half.rgb.size(), std::size_t(100 * 50 * 3));
    expect_upright(half, "smaller");
    EXPECT_EQ(resized(half, 100), half);
    EXPECT_EQ(resized(half, 5000), half) << "never enlarged";
    EXPECT_EQ(resized(corners(1000, 1), 10).height, 1);
}

TEST_F(Pixels, ARegionIsCutOut) {
    const Picture whole = corners(100, 100);
    const Picture part = cropped(whole, {0.25, 0.5, 0.5, 0.1});
    EXPECT_EQ(part.width, 50);
    EXPECT_EQ(part.height, 10);
    EXPECT_EQ(at(part, 0, 0), at(whole, 25, 50));
    EXPECT_EQ(at(part, 49, 9), at(whole, 74, 59));
    EXPECT_EQ(cropped(whole, {}), whole);
    EXPECT_EQ(cropped(whole, {-1, -1, 3, 3}), whole) << "clipped";
    for (const Region& odd : {Region{1, 1, 1, 1}, {5, 5, 1, 1}, {0.5, 0.5, 0, 0}, {0.2, 0.2, -1, -1}}) EXPECT_EQ(cropped(whole, odd).rgb.size(), 3u);
}

TEST_F(Pixels, A7_ThePartThatIsReadIsThePartThatIsCut) {
    const Picture whole = scene(5, 320, 240);
    const std::string file = png({320, 240, 8, 2}, [&](std::string& out, int x, int y) {
        for (const int part : at(whole, x, y)) out += static_cast<char>(part);
    });
    for (const Region& region : {Region{0.1, 0.2, 0.3, 0.4}, {0.333, 0.666, 0.5, 0.5}, {0.99, 0, 1, 1}})
        EXPECT_EQ(picture_of(file, {.region = region}), cropped(whole, region));
}

TEST_F(Pixels, ThePictureThatWasChangedALittleIsAlike) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        const Picture picture = scene(seed, 800, 600);
        const Likeness likeness = likeness_of(picture);
        const auto apart = [&](const Picture& other) { return distance(likeness, likeness_of(other)); };
        EXPECT_EQ(apart(picture), 0);
        EXPECT_LE(apart(resized(picture, 400)), alike) << seed;
        EXPECT_LE(apart(resized(picture, 160)), alike) << seed;
        EXPECT_LE(apart(picture_of(jpeg_of(picture, 30))), alike) << seed;
        EXPECT_LE(apart(picture_of(jpeg_of(resized(picture, 500), 50))), alike) << seed;
        EXPECT_LE(apart(lighter(picture, 1, 15)), alike) << seed;
        EXPECT_LE(apart(lighter(picture, 0.85, 0)), alike) << seed;
        EXPECT_LE(apart(blurred_by(picture, 2)), alike) << seed;
    }
}

TEST_F(Pixels, AnotherPictureIsNot) {
    for (unsigned seed = 1; seed <= 8; ++seed) {
        const Picture picture = scene(seed, 800, 600);
        const auto apart = [&](const Picture& other) { return distance(likeness_of(picture), likeness_of(other)); };
        EXPECT_GT(apart(changed(picture, [](cv::Mat& m) { cv::flip(m, m, 1); })), alike) << "mirrored " << seed;
        EXPECT_GT(apart(changed(picture, [](cv::Mat& m) { cv::flip(m, m, -1); })), alike) << "upside down " << seed;
        EXPECT_GT(apart(cropped(picture, {0.1, 0.1, 0.8, 0.8})), alike) << "cropped " << seed;
        for (unsigned other = seed + 1; other <= 8; ++other) EXPECT_GT(apart(scene(other, 800, 600)), 2 * alike) << seed << " " << other;
    }
}

TEST_F(Pixels, APictureOfOneColourHasALikeness) { EXPECT_EQ(likeness_of({1, 1, {9, 9, 9}}), likeness_of({50, 20, Bytes(3000, 9)})); }

TEST_F(Pixels, ABlurredPictureIsToldFromASharpOne) {
    const Picture sharp = scene(2, 1024, 768), soft = blurred_by(sharp, 12);
    EXPECT_GT(clarity_of(sharp).sharpness, 10 * blurred);
    EXPECT_LT(clarity_of(soft).sharpness, blurred);
    EXPECT_NEAR(clarity_of(resized(sharp, 512)).sharpness / clarity_of(sharp).sharpness, 1, 0.3) << "whatever the size";
    const Picture half = changed(sharp, [](cv::Mat& m) {
        cv::Mat left = m(cv::Rect(0, 0, 512, 768));
        cv::GaussianBlur(left, left, {}, 12);
    });
    EXPECT_LT(clarity_of(half, {0, 0, 0.45, 1}).sharpness, blurred) << "only the region is asked";
    EXPECT_GT(clarity_of(half, {0.55, 0, 0.45, 1}).sharpness, blurred);
}

TEST_F(Pixels, LightIsMeasured) {
    const Picture black{10, 10, Bytes(300, 0)}, white{10, 10, Bytes(300, 255)}, grey{10, 10, Bytes(300, 128)};
    EXPECT_LT(clarity_of(black).brightness, dark);
    EXPECT_EQ(clarity_of(black).lost, 1);
    EXPECT_EQ(clarity_of(white).brightness, 1);
    EXPECT_EQ(clarity_of(white).burnt, 1);
    EXPECT_NEAR(clarity_of(grey).brightness, 0.5, 0.01);
    EXPECT_EQ(clarity_of(grey).burnt + clarity_of(grey).lost, 0);
    EXPECT_EQ(clarity_of(grey).sharpness, 0);
}

}  // namespace
}  // namespace persona::media

// What each step measures, and that it does nothing where nothing is wrong.
#include <gtest/gtest.h>

#include "ai/local/enhance/denoise.hpp"
#include "ai/local/enhance/face_mask.hpp"
#include "ai/local/enhance/local_contrast.hpp"
#include "ai/local/enhance/sharpen.hpp"
#include "ai/local/enhance/tone.hpp"
#include "ai/local/enhance/white_balance.hpp"
#include "bad_photos.hpp"

namespace persona::ai::enhancement {
namespace {

using namespace test;

const std::stop_token never;

double mean_in(const cv::Mat& plane, const cv::Rect& where) { return cv::mean(plane(where))[0]; }
double change_in(const cv::Mat& a, const cv::Mat& b, const cv::Rect& where) { return cv::norm(a(where), b(where), cv::NORM_L1) / where.area(); }

TEST(EnhancePlanes, APictureComesBackAsItWas) { EXPECT_EQ(enhancement::picture_of(planes_of(good_photo())), good_photo()); }

TEST(EnhanceNoise, IsMeasured) {
    for (const double deviation : {4.0, 8.0, 16.0}) {
        // A channel's noise reaches brightness by its weight: the root of the sum of their squares.
        const double luma = deviation * 0.668;
        EXPECT_NEAR(noise_of(planes_of(noisy(flat(256, 256, 128), deviation))).luma, luma, luma * 0.15) << "a wall";
        EXPECT_NEAR(noise_of(planes_of(noisy(good_photo(), deviation))).luma, luma, luma * 0.35) << "a photo";
    }
    EXPECT_LT(noise_of(planes_of(good_photo())).luma, 1.5);
    EXPECT_EQ(noise_of(planes_of(flat(64, 64, 128))).luma, 0);
}

TEST(EnhanceNoise, BlocksOfAJpegAreSeen) {
    EXPECT_GT(noise_of(planes_of(compressed(good_photo(), 15))).blocks, 1.5);
    EXPECT_LT(noise_of(planes_of(compressed(good_photo(), 92))).blocks, 0.6);
    EXPECT_LT(noise_of(planes_of(good_photo())).blocks, 0.3);
}

TEST(EnhanceDenoise, ACleanPhotoIsNotTouched) {
    Planes planes = planes_of(good_photo());
    EXPECT_FALSE(denoise(planes, noise_of(planes), 1, {}, never));
    EXPECT_EQ(enhancement::picture_of(planes), good_photo());
}

TEST(EnhanceDenoise, TakesMostOfTheNoiseAndLittleElse) {
    for (const double deviation : {8.0, 16.0, 24.0}) {
        const Picture bad = noisy(good_photo(), deviation);
        Planes planes = planes_of(bad);
        EXPECT_TRUE(denoise(planes, noise_of(planes), 1, {}, never));
        EXPECT_GT(psnr(enhancement::picture_of(planes), good_photo()), psnr(bad, good_photo()) + 3.5) << deviation;
    }
}

TEST(EnhanceDenoise, NoiseThatWillBeLiftedGoesWhileItIsDark) {
    const Picture dark = noisy(scaled(good_photo(), 0.3), 1.2);
    Planes planes = planes_of(dark);
    const Noise noise = noise_of(planes);
    EXPECT_FALSE(denoise(planes, noise, 1, {}, never)) << "as it is nobody sees it";
    EXPECT_TRUE(denoise(planes, noise, 3, {}, never));
}

TEST(EnhanceDenoise, FacesKeepMoreOfThemselves) {
    const Planes before = planes_of(noisy(good_photo(), 16));
    const auto changed_with = [&](const cv::Mat& mask) {
        Planes planes{before.luma.clone(), before.red.clone(), before.blue.clone()};
        denoise(planes, noise_of(before), 1, mask, never);
        return change_in(planes.luma, before.luma, her_cheeks());
    };
    EXPECT_LT(changed_with(face_mask(before.size(), her_face())), 0.85 * changed_with({}));
}

TEST(EnhanceBalance, ACastIsTakenBackInPart) {
    for (const cv::Scalar& tint : {cv::Scalar(1.05, 0.95, 0.68), cv::Scalar(0.75, 0.95, 1.1)}) {
        const Picture bad = tinted(good_photo(), tint);
        Planes planes = planes_of(bad);
        const Balance balance = balance_of(planes, face_mask(planes.size(), her_face()));
        EXPECT_TRUE(balance.changes());
        apply(balance, planes);
        EXPECT_GT(psnr(enhancement::picture_of(planes), good_photo()), psnr(bad, good_photo()) + 1) << tint;
    }
}

TEST(EnhanceBalance, WhatHasNoCastKeepsItsColours) {
    EXPECT_FALSE(balance_of(planes_of(good_photo()), {}).changes()) << "an orange suit is no cast";
    EXPECT_FALSE(balance_of(planes_of(tinted(good_photo(), {1.02, 1, 0.96})), {}).changes()) << "warm light is wanted";
    EXPECT_FALSE(balance_of(planes_of(flat(200, 200, 90)), {}).changes());
    cv::Mat halves(200, 200, CV_8UC3, cv::Scalar(120, 120, 120));
    halves.rowRange(0, 100).setTo(cv::Scalar(60, 140, 240));
    EXPECT_FALSE(balance_of(planes_of(photo_of(halves)), {}).changes()) << "a blue sky over a grey road";
}

TEST(EnhanceTone, AGoodPhotoKeepsItsLight) {
    const Planes planes = planes_of(good_photo());
    EXPECT_FALSE(tone_of(planes, face_mask(planes.size(), her_face())).changes);
}

TEST(EnhanceTone, TheCurveNeverFallsAndStaysInRange) {
    for (const Picture& photo : {scaled(good_photo(), 0.2), scaled(good_photo(), 0.4, 120), scaled(good_photo(), 1.4, 40), flat(64, 64, 0),
                                 flat(64, 64, 255), flat(64, 64, 90)}) {
        const Planes planes = planes_of(photo);
        const Tone tone = tone_of(planes, face_mask(planes.size(), {}));
        EXPECT_GE(tone.curve.front(), 0);
        EXPECT_LE(tone.curve[255], 255.5);
        for (std::size_t i = 1; i < tone.curve.size(); ++i) EXPECT_GE(tone.curve[i], tone.curve[i - 1]) << i;
        EXPECT_GE(tone.lift, 1);
    }
}

// A face like hers in a dark room: the room would have all of it lifted.
Planes in_the_dark(double face, double room) {
    cv::Mat pixels(512, 512, CV_8UC3, cv::Scalar::all(room));
    cv::ellipse(pixels, cv::RotatedRect({225, 130}, {100, 150}, 0), cv::Scalar::all(face), cv::FILLED);
    pixels.rowRange(0, 4).setTo(cv::Scalar::all(250));
    return planes_of(photo_of(pixels));
}

TEST(EnhanceTone, ABrightFaceInADarkRoomIsNotBlownOut) {
    Planes planes = in_the_dark(140, 30);
    const Tone with = tone_of(planes, face_mask(planes.size(), her_face())), without = tone_of(planes, {});
    EXPECT_GT(without.curve[140], with.curve[140] + 5) << "the room asks for light";
    EXPECT_LE(with.curve[140], 160);
}

TEST(EnhanceTone, ADarkFaceIsLifted) {
    Planes planes = in_the_dark(50, 130);
    const Tone with = tone_of(planes, face_mask(planes.size(), her_face())), without = tone_of(planes, {});
    EXPECT_GT(with.curve[50], without.curve[50] + 8);
}

TEST(EnhanceContrast, OnlyFlatPhotosGetMore) {
    EXPECT_EQ(flatness_of(planes_of(good_photo())), 0);
    Planes foggy = planes_of(scaled(good_photo(), 0.35, 100));
    const float flatness = flatness_of(foggy);
    EXPECT_GT(flatness, 0.5);
    cv::Scalar mean, before, after;
    cv::meanStdDev(foggy.luma, mean, before);
    raise_local_contrast(foggy, flatness, {});
    cv::meanStdDev(foggy.luma, mean, after);
    EXPECT_GT(after[0], before[0] * 1.1);
}

TEST(EnhanceSharpen, BlurIsMeasured) {
    const float sharp = blur_of(planes_of(good_photo()));
    EXPECT_LT(sharp, 0.9);
    float last = sharp;
    for (const double deviation : {1.0, 2.0, 3.0}) {
        const float blur = blur_of(planes_of(blurred(good_photo(), deviation)));
        EXPECT_GT(blur, last + 0.3) << deviation;
        EXPECT_NEAR(blur, deviation, 0.8) << deviation;
        last = blur;
    }
    EXPECT_EQ(blur_of(planes_of(flat(128, 128, 77))), 0) << "nothing has an edge";
}

TEST(EnhanceSharpen, EdgesDoNotOvershoot) {
    cv::Mat step(96, 96, CV_8UC3, cv::Scalar::all(60));
    step.colRange(48, 96).setTo(cv::Scalar::all(180));
    Planes planes = planes_of(blurred(photo_of(step), 1.8));
    sharpen(planes, 1.8f, 0, {}, never);
    double least, most;
    cv::minMaxLoc(planes.luma, &least, &most);
    EXPECT_GT(least, 60 - 12);
    EXPECT_LT(most, 180 + 12);
    EXPECT_GT(mean_in(planes.luma, {48, 0, 1, 96}) - mean_in(planes.luma, {47, 0, 1, 96}), 35) << "and the edge is steeper than 26";
}

TEST(EnhanceSharpen, GrainIsNotSharpened) {
    const Planes before = planes_of(noisy(flat(128, 128, 128), 3));
    Planes planes{before.luma.clone(), before.red, before.blue};
    sharpen(planes, 1.5f, 2, {}, never);
    cv::Scalar mean, was, is;
    cv::meanStdDev(before.luma, mean, was);
    cv::meanStdDev(planes.luma, mean, is);
    EXPECT_LT(is[0], 1.5 * was[0]);
}

TEST(EnhanceFaces, TheMaskIsSoftAndMayStandOverTheEdge) {
    const cv::Mat mask = face_mask({512, 512}, her_face());
    EXPECT_GT(mask.at<float>(130, 225), 0.9f);
    EXPECT_LT(mask.at<float>(300, 400), 0.01f);
    cv::Mat jumps;
    cv::Sobel(mask, jumps, CV_32F, 1, 0, 3, 0.125);
    EXPECT_LT(cv::norm(jumps, cv::NORM_INF), 0.1) << "no seam";
    EXPECT_TRUE(face_mask({512, 512}, {}).empty());
    EXPECT_EQ(face_mask({64, 3000}, {{.left = -500, .top = -20, .width = 4000, .height = 90}, {.left = 10, .top = 10}}).size(), cv::Size(64, 3000));
}

}  // namespace
}  // namespace persona::ai::enhancement

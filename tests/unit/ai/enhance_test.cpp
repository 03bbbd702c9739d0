// Photos made better on this machine, from end to end, with the real model; fails where cmake/models/fetch has not run.
#include <gtest/gtest.h>

#include "ai/local/enhance/engine.hpp"
#include "ai/local/enhance/recipe.hpp"
#include "ai/local/enhance/upscaler.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/speech.hpp"
#include "async/task_group.hpp"
#include "bad_photos.hpp"
#include "base/error.hpp"
#include "support/run.hpp"
#include "support/temporary_folder.hpp"

namespace persona::ai {
namespace {

using namespace test;

const std::stop_token never;

std::filesystem::path model() {
    load_onnx_runtime(ModelPaths{places::models()}.onnx_runtime());
    return ModelPaths{places::models()}.upscaler();
}
const enhancement::Upscaler& upscaler() {
    static const enhancement::Upscaler one(model());
    return one;
}
Picture enhanced(const Picture& photo) { return enhancement::enhanced(photo, her_face(), nullptr, never).value(); }

TEST(Enhance, AGoodPhotoComesBackAlmostUnchanged) {
    const Picture out = enhanced(good_photo());
    EXPECT_GT(psnr(out, good_photo()), 45);
    EXPECT_GT(ssim(out, good_photo()), 0.995);
    EXPECT_GT(psnr(enhanced(out), out), 45) << "and a second time too";
}

struct Bad {
    const char* what;
    Picture photo;
    double nearer, more_alike;  // in decibels, and in structure
};

TEST(Enhance, ABadPhotoComesNearerToTheGoodOne) {
    const Picture& good = good_photo();
    const Bad all[] = {
        {"noise", compressed(noisy(good, 18), 92), 4, 0.2},
        {"a little noise", noisy(good, 8), 4, 0.08},
        {"underexposed", compressed(noisy(scaled(good, 0.3), 2), 92), 11, 0.35},
        {"overexposed", compressed(scaled(good, 1.15, 40), 92), 2, 0.1},
        {"fog", compressed(scaled(good, 0.5, 90), 92), 8, 0.1},
        {"yellow", compressed(tinted(good, {1.05, 0.95, 0.68}), 92), 4, -0.01},
        {"blue", compressed(tinted(good, {0.75, 0.95, 1.1}), 92), 4, -0.01},
        {"blur", compressed(blurred(good, 1.8), 92), 1.8, 0.04},
        {"a JPEG of quality 15", compressed(good, 15), 0.3, 0.015},
    };
    for (const Bad& bad : all) {
        const Picture out = enhanced(bad.photo);
        EXPECT_GT(psnr(out, good), psnr(bad.photo, good) + bad.nearer) << bad.what;
        EXPECT_GT(ssim(out, good), ssim(bad.photo, good) + bad.more_alike) << bad.what;
    }
}

TEST(Enhance, FacesStayWhereTheyAre) {
    for (const Picture& photo : {noisy(good_photo(), 18), blurred(good_photo(), 1.8), scaled(good_photo(), 0.3)}) {
        const auto light_of = [](const Picture& picture) {
            cv::Mat grey, out;
            cv::cvtColor(pixels_of(picture), grey, cv::COLOR_RGB2GRAY);
            grey(cv::Rect(178, 75, 95, 115)).convertTo(out, CV_64F);
            return out;
        };
        const cv::Point2d moved = cv::phaseCorrelate(light_of(photo), light_of(enhanced(photo)));
        EXPECT_LT(std::hypot(moved.x, moved.y), 0.1);
    }
}

TEST(Enhance, PicturesOfAnyShapeAndContentComeBackWhole) {
    for (const auto& [width, height] : {std::pair{1, 1}, {1, 300}, {300, 1}, {7, 9}, {8, 8}, {31, 33}, {129, 130}, {1200, 40}})
        for (const Picture& photo : {flat(width, height, 0), flat(width, height, 255), noisy(flat(width, height, 40), 60)}) {
            const Picture out = enhanced(photo);
            EXPECT_EQ(out.width, width);
            EXPECT_EQ(out.height, height);
            EXPECT_EQ(out.rgb.size(), photo.rgb.size());
        }
    EXPECT_EQ(enhanced(flat(200, 200, 0)), flat(200, 200, 0));
    EXPECT_EQ(enhanced(flat(200, 200, 255)), flat(200, 200, 255));
}

TEST(Enhance, NothingIsReturnedWhenAskedToStop) {
    std::stop_source stop;
    stop.request_stop();
    EXPECT_FALSE(enhancement::enhanced(good_photo(), {}, nullptr, stop.get_token()));
}

TEST(Upscaler, DrawsMoreThanAPlainEnlargement) {
    const Picture small = sized(good_photo(), 256, 256), out = upscaler().twice(small, never);
    EXPECT_EQ(out.width, 512);
    EXPECT_EQ(out.height, 512);
    const Picture plain = sized(small, 512, 512);
    EXPECT_GT(psnr(out, good_photo()), psnr(plain, good_photo()) + 0.5);
    EXPECT_GT(ssim(out, good_photo()), ssim(plain, good_photo()) + 0.005);
    EXPECT_GT(psnr(sized(out, 256, 256), small), 30) << "the same photo, not another one";
}

TEST(Upscaler, TilesLeaveNoSeam) {
    const Picture photo = sized(good_photo(), 300, 280);
    const Picture whole = upscaler().twice(photo, never);  // cut at 256
    const cv::Rect part(200, 200, 100, 80);                // not cut
    const Picture shifted = upscaler().twice(photo_of(pixels_of(photo)(part).clone()), never);
    const cv::Rect inner(32, 32, 2 * part.width - 64, 2 * part.height - 64);
    const cv::Mat one = pixels_of(whole)(inner + 2 * part.tl()), other = pixels_of(shifted)(inner);
    EXPECT_LE(cv::norm(one, other, cv::NORM_INF), 1);
}

TEST(LocalEnhance, DoublesASmallPhoto) {
    run([]() -> Task<void> {
        CpuPool cpu(1);
        const LocalEnhance engine(cpu, model());
        EXPECT_EQ(engine.name(), "local");
        const Picture small = sized(good_photo(), 160, 120);
        const auto out = co_await engine.enhance(small, {}, Deadline::after(1min));
        EXPECT_EQ(out->width, 320);
        EXPECT_EQ(out->height, 240);
        const auto large = co_await engine.enhance(flat(enhancement::small_side, 20, 99), {}, Deadline::after(1min));
        EXPECT_EQ(large->width, enhancement::small_side);
    });
}

TEST(LocalEnhance, WithoutAModelSmallPhotosStaySmall) {
    run([]() -> Task<void> {
        CpuPool cpu(1);
        const LocalEnhance engine(cpu, "/nowhere/slim_x2.onnx");
        const auto out = co_await engine.enhance(sized(good_photo(), 160, 120), {}, Deadline::after(1min));
        EXPECT_EQ(out->width, 160);
    });
}

TEST(LocalEnhance, ADeadlineEndsIt) {
    run([]() -> Task<void> {
        CpuPool cpu(1);
        const LocalEnhance engine(cpu, model());
        EXPECT_THROW(co_await engine.enhance(sized(good_photo(), 512, 512), {}, Deadline::after(1ms)), TimedOut);
    });
}

TEST(LocalEnhance, CancellingEndsIt) {
    run([]() -> Task<void> {
        CpuPool cpu(1);
        const LocalEnhance engine(cpu, model());
        TaskGroup group(co_await asio::this_coro::executor, "test");
        bool ended = false;
        group.spawn("a photo", [](const LocalEnhance& of, bool& flag) -> Task<void> {
            co_await of.enhance(sized(good_photo(), 800, 800), {}, Deadline::after(1min));
            flag = true;
        }(engine, ended));
        co_await asio::post(group.executor(), asio::use_awaitable);
        group.cancel();
        EXPECT_TRUE(co_await group.join(Deadline::after(30s)));
        EXPECT_FALSE(ended);
    });
}

TEST(LocalEnhance, WhatIsNoPictureIsRefusedForGood) {
    run([]() -> Task<void> {
        CpuPool cpu(1);
        const LocalEnhance engine(cpu, "/nowhere");
        for (const Picture& photo : {Picture{}, Picture{10, 10, Bytes(299)}, Picture{-3, -1, Bytes(9)}, flat(5000, 2, 1)}) {
            const auto out = co_await engine.enhance(photo, {}, Deadline::after(1min));
            EXPECT_FALSE(out);
            EXPECT_FALSE(out.error().passes);
        }
    });
}

TEST(LocalEnhance, AFileThatIsNoModelIsNamed) {
    const TemporaryFolder folder;
    model();
    std::filesystem::copy_file(places::data() / "photos/astronaut.jpg", folder.path() / "slim_x2.onnx");
    CpuPool cpu(1);
    EXPECT_THROW(LocalEnhance(cpu, folder.path() / "slim_x2.onnx"), Corrupt);
    EXPECT_THROW(LocalEnhance(cpu, ModelPaths{places::models()}.silero()), Corrupt) << "another network";
}

}  // namespace
}  // namespace persona::ai

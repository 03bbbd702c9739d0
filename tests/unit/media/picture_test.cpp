// Right pictures from everything that is a JPEG or PNG.
#include <gmock/gmock.h>
#include <turbojpeg.h>

#include <memory>

#include "unit/media/picture_room.hpp"

namespace persona::media {
namespace {

class Photo : public PictureRoom {};

// What a file must store for a person to see `upright`, by the definition of each orientation (CIPA DC-008, 4.6.4 A).
Picture stored_for(const Picture& upright, int orientation) {
    const bool swapped = orientation >= 5;
    Picture out{swapped ? upright.height : upright.width, swapped ? upright.width : upright.height, {}};
    const int right = upright.width - 1, low = upright.height - 1;
    for (int row = 0; row < out.height; ++row)
        for (int column = 0; column < out.width; ++column) {
            // Which visual side the file's row 0 and column 0 are.
            const std::array<std::pair<int, int>, 8> seen{{{column, row},
                                                           {right - column, row},
                                                           {right - column, low - row},
                                                           {column, low - row},
                                                           {row, column},
                                                           {right - row, column},
                                                           {right - row, low - column},
                                                           {row, low - column}}};
            const auto [x, y] = seen[static_cast<std::size_t>(orientation - 1)];
            for (const int part : at(upright, x, y)) out.rgb.push_back(static_cast<std::uint8_t>(part));
        }
    return out;
}

std::string turbo(const Picture& picture, int pixel_format, int sampling, int flags, const std::uint8_t* pixels = nullptr) {
    const std::unique_ptr<void, int (*)(void*)> compressor(tjInitCompress(), tjDestroy);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    tjCompress2(compressor.get(), pixels ? pixels : picture.rgb.data(), picture.width, 0, picture.height, pixel_format, &bytes, &size, sampling, 95,
                flags);
    std::string out(reinterpret_cast<const char*>(bytes), size);
    tjFree(bytes);
    return out;
}

void rgb(std::string& out, const Rgb& colour, int bytes = 1) {
    for (const int part : colour) out.append(static_cast<std::size_t>(bytes), static_cast<char>(part));
}

TEST_F(Photo, EveryOrientationIsTheSameUprightPicture) {
    const Picture upright = corners(300, 200);
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const std::string file = with_segment(jpeg_of(stored_for(upright, orientation), 95), 0xE1, exif(orientation));
        for (const int side : {300, 150, 30}) {  // as stored, and by each way to make it smaller
            const auto got = read(file, {.most_side = side});
            ASSERT_TRUE(got) << orientation;
            EXPECT_EQ(got->info.width, 300);
            EXPECT_EQ(got->info.height, 200);
            EXPECT_EQ(got->picture.width, side);
            EXPECT_EQ(got->picture.height, side * 2 / 3);
            expect_upright(got->picture, fmt::format("orientation {}, {}", orientation, side));
        }
    }
}

TEST_F(Photo, ARegionIsCutFromTheUprightPicture) {
    const Picture upright = corners(400, 200);
    for (int orientation = 1; orientation <= 8; ++orientation) {
        const std::string file = with_segment(jpeg_of(stored_for(upright, orientation), 95), 0xE1, exif(orientation));
        const Picture part = picture_of(file, {.most_side = 50, .region = {0.5, 0.5, 0.5, 0.5}});
        EXPECT_EQ(part.width, 50) << orientation;
        EXPECT_EQ(part.height, 25) << orientation;
        EXPECT_COLOUR(part, 0, 0, {128, 128, 128});
        EXPECT_COLOUR(part, 49, 0, {128, 255, 128});
        EXPECT_COLOUR(part, 0, 24, {128, 128, 255});
        EXPECT_COLOUR(part, 49, 24, {255, 255, 255});
    }
}

TEST_F(Photo, ARegionThatLeavesThePictureIsClipped) {
    const std::string file = jpeg_of(corners(100, 100), 95);
    const Picture part = picture_of(file, {.region = {0.8, -0.5, 5, 1}});
    EXPECT_EQ(part.width, 20);
    EXPECT_EQ(part.height, 50);
    for (const Region& odd : {Region{2, 2, 1, 1}, {-3, 0, 1, 1}, {0.5, 0.5, 0, 0}, {0.5, 0.5, -1, -1}}) {
        const Picture point = picture_of(file, {.region = odd});
        EXPECT_GE(point.width * point.height, 1);
    }
}

TEST_F(Photo, NothingIsEnlarged) {
    const Picture same = picture_of(jpeg_of(corners(40, 30)), {.most_side = 1024});
    EXPECT_EQ(same.width, 40);
    EXPECT_EQ(same.height, 30);
}

TEST_F(Photo, AThinPictureKeepsAPixel) {
    const Picture line = picture_of(jpeg_of(corners(3000, 2)), {.most_side = 100});
    EXPECT_EQ(line.width, 100);
    EXPECT_EQ(line.height, 1);
}

TEST_F(Photo, EveryKindOfJpegIsRead) {
    const Picture upright = corners(200, 120);
    expect_upright(picture_of(turbo(upright, TJPF_RGB, TJSAMP_444, TJFLAG_PROGRESSIVE)), "progressive");
    expect_upright(picture_of(turbo(upright, TJPF_RGB, TJSAMP_422, 0)), "4:2:2");
    const Picture grey = picture_of(turbo(upright, TJPF_RGB, TJSAMP_GRAY, 0));
    EXPECT_COLOUR(grey, 0, 0, {76, 76, 76});
    EXPECT_COLOUR(grey, 199, 119, {255, 255, 255});
}

TEST_F(Photo, CmykIsSeenAsAPersonSeesIt) {
    // Adobe stores the inverse of ink: 255 is none.
    Bytes inks;
    for (int i = 0; i < 64 * 64; ++i) inks.insert(inks.end(), {255, 0, 0, 255});
    const Picture red = picture_of(turbo({64, 64, {}}, TJPF_CMYK, TJSAMP_444, 0, inks.data()));
    const Rgb seen = at(red, 32, 32);
    EXPECT_GT(seen[0], 190) << in_words(seen);
    EXPECT_LT(seen[1], 90) << in_words(seen);
    EXPECT_LT(seen[2], 90) << in_words(seen);
}

TEST_F(Photo, EveryKindOfPngIsRead) {
    const Picture upright = corners(90, 70);
    const auto pixels = [&](int bytes, bool alpha) {
        return [&upright, bytes, alpha](std::string& out, int x, int y) {
            rgb(out, at(upright, x, y), bytes);
            if (alpha) out.append(static_cast<std::size_t>(bytes), '\xFF');
        };
    };
    expect_upright(picture_of(png({90, 70, 8, 2}, pixels(1, false))), "RGB");
    expect_upright(picture_of(png({90, 70, 16, 2}, pixels(2, false))), "RGB of 16 bits");
    expect_upright(picture_of(png({90, 70, 8, 6}, pixels(1, true))), "RGBA");
    expect_upright(picture_of(png({90, 70, 16, 6}, pixels(2, true))), "RGBA of 16 bits");
    expect_upright(picture_of(png({90, 70, 8, 2, true}, pixels(1, false))), "interlaced");
    expect_upright(picture_of(png({90, 70, 16, 6, true}, pixels(2, true)), {.most_side = 45}), "interlaced, smaller");
}

TEST_F(Photo, PalettesAndGreyBecomeColours) {
    const std::string palette = png_chunk("PLTE", std::string("\xFF\x00\x00\x00\xFF\x00", 6));
    const Picture two = picture_of(png({80, 40, 8, 3}, [](std::string& out, int x, int) { out += x < 40 ? '\0' : '\1'; }, palette));
    EXPECT_COLOUR(two, 5, 20, {255, 0, 0});
    EXPECT_COLOUR(two, 75, 20, {0, 255, 0});
    const Picture grey = picture_of(png({40, 40, 8, 0}, [](std::string& out, int, int) { out += '\x40'; }));
    EXPECT_COLOUR(grey, 20, 20, {64, 64, 64});
    const Picture fine = picture_of(png({40, 40, 16, 0}, [](std::string& out, int, int) { out += "\x80\x80"; }));
    EXPECT_COLOUR(fine, 20, 20, {128, 128, 128});
}

TEST_F(Photo, WhiteStandsBehindWhatIsTransparent) {
    const auto glass = [](int alpha) { return [alpha](std::string& out, int, int) { rgb(out, {200, 0, 0}), out += static_cast<char>(alpha); }; };
    EXPECT_COLOUR(picture_of(png({30, 30, 8, 6}, glass(0))), 15, 15, {255, 255, 255});
    EXPECT_COLOUR(picture_of(png({30, 30, 8, 6}, glass(128))), 15, 15, {227, 127, 127});
    EXPECT_COLOUR(picture_of(png({30, 30, 8, 4}, [](std::string& out, int, int) { out += std::string("\0\0", 2); })), 15, 15, {255, 255, 255});
    EXPECT_COLOUR(picture_of(png({30, 30, 16, 6}, [](std::string& out, int, int) { out += std::string(8, '\0'); })), 15, 15, {255, 255, 255});
}

TEST_F(Photo, OfAnAnimatedPngTheFirstPictureIsSeen) {
    std::string control("\0\0\0\2\0\0\0\0", 8);  // two frames
    std::string file = png({50, 50, 8, 2}, [](std::string& out, int, int) { rgb(out, {0, 0, 255}); }, png_chunk("acTL", control));
    file.insert(file.size() - 12, png_chunk("fdAT", std::string("\0\0\0\1", 4) + std::string(200, 'x')));
    EXPECT_COLOUR(picture_of(file), 25, 25, {0, 0, 255});
}

TEST_F(Photo, AColourProfileIsApplied) {
    Picture red{64, 64, {}};
    for (int i = 0; i < 64 * 64; ++i) red.rgb.insert(red.rgb.end(), {250, 10, 10});
    const std::string profile = swapped_profile(), plain = jpeg_of(red, 95);
    const std::string tagged = with_segment(plain, 0xE2, std::string("ICC_PROFILE\0\1\1", 14) + profile);
    EXPECT_COLOUR(picture_of(plain), 32, 32, {250, 10, 10});
    EXPECT_COLOUR(picture_of(tagged), 32, 32, {10, 250, 10});
    const std::string broken = with_segment(plain, 0xE2, std::string("ICC_PROFILE\0\1\1", 14) + std::string(300, 'x'));
    EXPECT_COLOUR(picture_of(broken), 32, 32, {250, 10, 10});
}

TEST_F(Photo, WhatTheFileSaidBesidesItsPixelsIsGone) {
    std::string file = with_segment(jpeg_of(corners(100, 80)), 0xE2, std::string("ICC_PROFILE\0\1\1", 14) + swapped_profile());
    file = with_segment(file, 0xE1, exif(6));
    ASSERT_THAT(file, testing::HasSubstr("SpyCamera"));
    const std::string clean = jpeg_of(picture_of(file));
    for (const char* said : {"Exif", "SpyCamera", "2026:11:27", "ICC_PROFILE", "acsp"}) EXPECT_THAT(clean, testing::Not(testing::HasSubstr(said)));
    EXPECT_EQ(picture_of(clean).width, 80) << "turned for good";
}

TEST_F(Photo, AJpegOfOursIsTheSamePicture) {
    const Picture before = scene(1, 640, 480);
    const Picture after = picture_of(jpeg_of(before, 92));
    ASSERT_EQ(after.width, before.width);
    double apart = 0;
    for (std::size_t i = 0; i < before.rgb.size(); ++i) apart += std::abs(before.rgb[i] - after.rgb[i]);
    EXPECT_LT(apart / static_cast<double>(before.rgb.size()), 4);
    EXPECT_LT(jpeg_of(before, 20).size(), jpeg_of(before, 92).size());
}

}  // namespace
}  // namespace persona::media

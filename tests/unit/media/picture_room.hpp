// What the tests of pictures share: the reader, and what to ask of pixels.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

#include "media/jpeg.hpp"
#include "media/picture_reader.hpp"
#include "support/places.hpp"
#include "support/temporary_folder.hpp"
#include "unit/media/picture_maker.hpp"

namespace persona::media {

using Rgb = std::array<int, 3>;

inline Rgb at(const Picture& picture, int x, int y) {
    const std::uint8_t* pixel = picture.rgb.data() + (static_cast<std::ptrdiff_t>(y) * picture.width + x) * 3;
    return {pixel[0], pixel[1], pixel[2]};
}

inline bool near(const Rgb& a, const Rgb& b, int most = 24) {
    for (std::size_t i = 0; i < a.size(); ++i)
        if (std::abs(a[i] - b[i]) > most) return false;
    return true;
}

inline std::string in_words(const Rgb& colour) { return fmt::format("({}, {}, {})", colour[0], colour[1], colour[2]); }

#define EXPECT_COLOUR(picture, x, y, ...) \
    EXPECT_TRUE(near(at(picture, x, y), Rgb __VA_ARGS__)) << "at " << x << ", " << y << ": " << in_words(at(picture, x, y))

// The corners of corners(), upright, a little inside.
inline void expect_upright(const Picture& picture, const std::string& what) {
    SCOPED_TRACE(what);
    const int right = picture.width - 1, low = picture.height - 1;
    EXPECT_COLOUR(picture, 0, 0, {255, 0, 0});
    EXPECT_COLOUR(picture, right, 0, {0, 255, 0});
    EXPECT_COLOUR(picture, 0, low, {0, 0, 255});
    EXPECT_COLOUR(picture, right, low, {255, 255, 255});
}

class PictureRoom : public testing::Test {
protected:
    std::expected<ReadPicture, PictureFailure> read(std::string_view bytes, const PictureWish& wish = {}, const PictureLimits& limits = {}) {
        return reader.read_bytes(bytes, wish, limits);
    }
    // The picture that the bytes must give.
    Picture picture_of(std::string_view bytes, const PictureWish& wish = {}) {
        auto got = read(bytes, wish);
        if (got) return std::move(got->picture);
        ADD_FAILURE() << name(got.error().error) << ": " << got.error().detail;
        return {1, 1, {0, 0, 0}};
    }
    // What refuses them; a picture is a failure.
    std::string refusal(std::string_view bytes, const PictureWish& wish = {}, const PictureLimits& limits = {}) {
        const auto got = read(bytes, wish, limits);
        return got ? "a picture" : std::string(name(got.error().error));
    }

    PictureReader reader{places::programs() / "persona-picture"};
    TemporaryFolder folder;
};

}  // namespace persona::media

#include "media/picture_listener.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace persona::media {
namespace {

using picture_wire::End;
using picture_wire::Info;
using picture_wire::Verdict;

constexpr PictureBounds bounds{.most_pixels = 100, .most_side = 4};

Bytes message(wire::Kind kind, const void* body, std::size_t size) {
    const wire::Header header{kind, static_cast<std::uint32_t>(size)};
    Bytes bytes(sizeof header + size);
    std::memcpy(bytes.data(), &header, sizeof header);
    if (size > 0) std::memcpy(bytes.data() + sizeof header, body, size);
    return bytes;
}
Bytes info(const Info& body) { return message(wire::Kind::info, &body, sizeof body); }
Bytes rows(std::size_t size) { return message(wire::Kind::data, Bytes(size, 7).data(), size); }
Bytes end(Verdict verdict) { return message(wire::Kind::end, &verdict, sizeof(End)); }

// Whether all of it is believed.
bool believed(PictureListener& listener, std::initializer_list<Bytes> messages) {
    for (const Bytes& bytes : messages)
        if (!listener.take(bytes)) return false;
    return true;
}
bool believed(std::initializer_list<Bytes> messages) {
    PictureListener listener(bounds);
    return believed(listener, messages);
}

TEST(PictureListener, RowsBecomeAPicture) {
    PictureListener listener(bounds);
    EXPECT_TRUE(believed(listener, {info({10, 8, 4, 3}), rows(12), rows(24)}));
    EXPECT_FALSE(listener.verdict());
    EXPECT_TRUE(believed(listener, {end(Verdict::complete)}));
    EXPECT_EQ(listener.verdict(), Verdict::complete);
    EXPECT_EQ(listener.info().file_width, 10);
    EXPECT_EQ(listener.take_picture(), (Picture{4, 3, Bytes(36, 7)}));
}

TEST(PictureListener, ARefusalMayComeAtAnyTime) {
    EXPECT_TRUE(believed({end(Verdict::too_many_pixels)}));
    EXPECT_TRUE(believed({info({10, 8, 4, 3}), end(Verdict::broken)}));
    EXPECT_TRUE(believed({info({10, 8, 4, 3}), rows(12), end(Verdict::broken)}));
}

TEST(PictureListener, A7_AChildThatLiesIsNotBelieved) {
    EXPECT_FALSE(believed({info({10, 8, 4, 3}), rows(35), end(Verdict::complete)})) << "a pixel is missing";
    EXPECT_FALSE(believed({info({10, 8, 4, 3}), rows(36), rows(1)})) << "more than announced";
    EXPECT_FALSE(believed({rows(3)})) << "rows of no picture";
    EXPECT_FALSE(believed({end(Verdict::complete)})) << "a picture of nothing";
    EXPECT_FALSE(believed({info({10, 8, 4, 3}), info({10, 8, 4, 3})})) << "announced twice";
    EXPECT_FALSE(believed({end(Verdict::broken), rows(3)})) << "something behind the end";
    EXPECT_FALSE(believed({end(static_cast<Verdict>(77))}));
    EXPECT_FALSE(believed({message(wire::Kind::info, "short", 5)}));
    EXPECT_FALSE(believed({message(wire::Kind::end, "long and longer", 15)}));
    for (const Info& odd :
         {Info{11, 10, 4, 3}, {10, 8, 5, 3}, {10, 8, 4, 0}, {10, 8, -4, -3}, {3, 8, 4, 3}, {2'000'000'000, 2'000'000'000, 1, 1}, {0, 0, 0, 0}})
        EXPECT_FALSE(believed({info(odd)})) << odd.file_width << "x" << odd.file_height << " to " << odd.width << "x" << odd.height;
}

}  // namespace
}  // namespace persona::media

// The parent's end of picture_wire.hpp: rows become a picture, and nothing that the child says goes unchecked. Owned by one reading.
#pragma once

#include <cstdint>
#include <optional>

#include "media/picture.hpp"
#include "media/picture_wire.hpp"

namespace persona::media {

// What the child was asked for.
struct PictureBounds {
    std::int64_t most_pixels = 0;  // in the file
    int most_side = 0;             // of the rows
};

class PictureListener {
public:
    explicit PictureListener(const PictureBounds& bounds) : bounds_(bounds) {}

    // False where the child lies: it is to be ended, and what came is worth nothing.
    bool take(ByteView bytes);

    // What the child said at its end; nothing before it.
    std::optional<picture_wire::Verdict> verdict() const { return verdict_; }
    const picture_wire::Info& info() const { return *info_; }  // once the verdict is `complete`
    Picture take_picture() { return std::move(picture_); }     // the same

private:
    bool hear(const wire::Message& message);
    bool hear_info(ByteView body);
    bool hear_rows(ByteView body);
    bool hear_end(ByteView body);

    PictureBounds bounds_;
    wire::Reader reader_;
    std::optional<picture_wire::Info> info_;
    std::optional<picture_wire::Verdict> verdict_;
    Picture picture_;
    std::size_t expected_ = 0;  // bytes of all rows
};

}  // namespace persona::media

// Whatever a child says, the picture that is believed has the size it was announced with, within the bounds.
#include "media/picture_listener.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace persona::media;
    constexpr PictureBounds bounds{.most_pixels = 4096, .most_side = 32};
    PictureListener listener(bounds);
    const std::size_t half = size / 2;
    if (!listener.take({data, half}) || !listener.take({data + half, size - half})) return 0;
    if (listener.verdict() != picture_wire::Verdict::complete) return 0;
    const Picture picture = listener.take_picture();
    if (picture.width < 1 || picture.width > 32 || picture.height < 1 || picture.height > 32) __builtin_trap();
    if (picture.rgb.size() != static_cast<std::size_t>(picture.width * picture.height * 3)) __builtin_trap();
    return 0;
}

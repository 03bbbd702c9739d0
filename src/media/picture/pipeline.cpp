#include "media/picture/pipeline.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "media/region.hpp"

namespace persona::media {
namespace {

using picture_wire::Verdict;

// A loader by name and never one that libvips finds by itself: it would try everything that it knows.
Image load_jpeg(VipsSource* file, int shrink) {
    return made([&](VipsImage** out) {
        return vips_jpegload_source(file, out, "shrink", shrink, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr);
    });
}

Image load_png(VipsSource* file, int) {
    return made([&](VipsImage** out) {
        return vips_pngload_source(file, out, "access", VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, nullptr);
    });
}

struct Loader {
    std::string_view type;
    Image (*load)(VipsSource* file, int shrink);
    int most_shrink;  // how much smaller it can decode
};
constexpr Loader loaders[] = {{"jpeg", load_jpeg, 8}, {"png", load_png, 1}};

const Loader& loader_of(std::string_view type) {
    for (const Loader& loader : loaders)
        if (loader.type == type) return loader;
    throw Refused{Verdict::broken};
}

struct Size {
    int width, height;
};

int scaled(int side, double scale) { return std::max(1, static_cast<int>(std::lround(side * scale))); }

// A decoder of JPEG makes a half, a quarter or an eighth from fewer coefficients, in a fraction of the time. libvips rounds its sides
// down, and stops at an image without a side.
int shrink_of(const Loader& loader, Size whole, double scale) {
    int shrink = 1;
    while (shrink < loader.most_shrink && shrink * 2 * scale <= 1 && shrink * 2 <= std::min(whole.width, whole.height)) shrink *= 2;
    return shrink;
}

Image inverted(const Image& image) {
    return made([&](VipsImage** out) { return vips_invert(image.get(), out, nullptr); });
}

// Colours are inverted, laid over black and inverted again: libvips makes any background but black in a thread, and there is none in here.
Image over_white(const Image& image) {
    std::vector<double> factors(static_cast<std::size_t>(image->Bands), -1), offsets(factors.size(), 255);
    factors.back() = 1, offsets.back() = 0;  // transparency
    const Image negative =
        made([&](VipsImage** out) { return vips_linear(image.get(), out, factors.data(), offsets.data(), image->Bands, "uchar", TRUE, nullptr); });
    return inverted(made([&](VipsImage** out) { return vips_flatten(negative.get(), out, nullptr); }));
}

Image eight_bits(const Image& image) {
    const Image bytes = made([&](VipsImage** out) { return vips_cast(image.get(), out, VIPS_FORMAT_UCHAR, "shift", TRUE, nullptr); });
    const VipsInterpretation colours = image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;  // no longer those of 16 bits
    return made([&](VipsImage** out) { return vips_copy(bytes.get(), out, "interpretation", colours, nullptr); });
}

// Eight bits a channel, and none of transparency.
Image opaque_bytes(Image image) {
    if (vips_image_get_format(image.get()) == VIPS_FORMAT_USHORT) image = eight_bits(image);
    return vips_image_hasalpha(image.get()) ? over_white(image) : std::move(image);
}

Image cut(const Image& image, const PixelRect& part) {
    return made([&](VipsImage** out) { return vips_extract_area(image.get(), out, part.left, part.top, part.width, part.height, nullptr); });
}

Image resized(Image image, Size to) {
    const double across = static_cast<double>(to.width) / image->Xsize, down = static_cast<double>(to.height) / image->Ysize;
    if (across >= 1 && down >= 1) return image;
    return made([&](VipsImage** out) { return vips_resize(image.get(), out, across, "vscale", down, nullptr); });
}

// After the resizing, where there are fewer pixels. A profile that cannot be used is as none: a wrong shade, and no refusal.
Image in_srgb(Image image) {
    if (vips_image_get_typeof(image.get(), VIPS_META_ICC_NAME) != 0) {
        VipsImage* out = nullptr;
        if (vips_icc_transform(image.get(), &out, "srgb", "embedded", TRUE, "intent", VIPS_INTENT_RELATIVE, "depth", 8, nullptr) == 0)
            return Image(out);
        vips_error_clear();
    }
    return made([&](VipsImage** out) { return vips_colourspace(image.get(), out, VIPS_INTERPRETATION_sRGB, nullptr); });
}

Image three_bytes(Image image) {
    if (image->Bands < 3) throw Refused{Verdict::broken};
    if (image->Bands > 3) image = made([&](VipsImage** out) { return vips_extract_band(image.get(), out, 0, "n", 3, nullptr); });
    if (image->BandFmt == VIPS_FORMAT_UCHAR) return image;
    return made([&](VipsImage** out) { return vips_cast(image.get(), out, VIPS_FORMAT_UCHAR, nullptr); });
}

picture_wire::Info info_of(Size file, Size rows, const Turn& turn) {
    if (turn.swapped) return {file.height, file.width, rows.height, rows.width};
    return {file.width, file.height, rows.width, rows.height};
}

}  // namespace

Pipeline pipeline_of(VipsSource* file, const Wanted& wanted) {
    const Loader& loader = loader_of(wanted.type);
    Image image = loader.load(file, 1);
    const Size whole{image->Xsize, image->Ysize};
    if (static_cast<std::int64_t>(whole.width) * whole.height > wanted.most_pixels) throw Refused{Verdict::too_many_pixels};
    const Turn turn = turn_of(vips_image_get_orientation(image.get()));
    const Region region = stored_region(wanted.region, turn);
    const PixelRect part = pixels_of(region, whole.width, whole.height);
    const double scale = std::min(1.0, static_cast<double>(wanted.most_side) / std::max(part.width, part.height));
    const Size rows{scaled(part.width, scale), scaled(part.height, scale)};
    if (const int shrink = shrink_of(loader, whole, scale); shrink > 1) image = loader.load(file, shrink);
    image = cut(image, pixels_of(region, image->Xsize, image->Ysize));
    image = three_bytes(in_srgb(resized(opaque_bytes(std::move(image)), rows)));
    const auto info = info_of(whole, {image->Xsize, image->Ysize}, turn);
    return {std::move(image), turn, info};
}

}  // namespace persona::media

// libvips' images with an owner, and its errors as exceptions: none of them crosses a frame of C.
#pragma once

#include <vips/vips.h>

#include <memory>

#include "media/picture_wire.hpp"

namespace persona::media {

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};
using Image = std::unique_ptr<VipsImage, Unref>;
using Source = std::unique_ptr<VipsSource, Unref>;

// Ends the reading of a file; why stands in libvips' buffer of errors.
struct Refused {
    picture_wire::Verdict verdict;
};

// An operation that makes one image: made([&](VipsImage** out) { return vips_invert(in, out, nullptr); }). Throws Refused (broken).
template <class Operation>
Image made(const Operation& operation) {
    VipsImage* out = nullptr;
    if (operation(&out) != 0) throw Refused{picture_wire::Verdict::broken};
    return Image(out);
}

}  // namespace persona::media

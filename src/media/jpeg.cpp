#include "media/jpeg.hpp"

#include <turbojpeg.h>

#include <memory>

#include "base/error.hpp"

namespace persona::media {

std::string jpeg_of(const Picture& picture, int quality) {
    const std::unique_ptr<void, int (*)(void*)> compressor(tjInitCompress(), tjDestroy);
    if (!compressor) throw Unavailable("jpeg: no compressor");
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    const int status =
        tjCompress2(compressor.get(), picture.rgb.data(), picture.width, 0, picture.height, TJPF_RGB, &bytes, &size, TJSAMP_420, quality, 0);
    const std::unique_ptr<unsigned char, void (*)(unsigned char*)> owner(bytes, tjFree);
    if (status != 0) throw Unavailable(std::string("jpeg: ") + tjGetErrorStr2(compressor.get()));
    return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace persona::media

// Pixels to a JPEG file, by libjpeg-turbo. It holds the pixels and nothing else: no place, no camera, no date.
#pragma once

#include <string>

#include "media/picture.hpp"

namespace persona::media {

// quality: 1 to 100. Throws Unavailable when memory runs out. Tens of milliseconds a megapixel: for a CPU pool.
std::string jpeg_of(const Picture& picture, int quality = 88);

}  // namespace persona::media

// Headers of MPEG audio that stands in a file without a container (ISO/IEC 11172-3, 13818-3, 13818-7) and of ID3v2 tags.
// Pure; used to tell such a file by content.
#pragma once

#include <cstddef>

#include "base/bytes.hpp"

namespace persona::media {

// Bytes of the ID3v2 tag at the start, header and footer included; 0 where there is none.
std::size_t id3_size(ByteView head);
// Two consecutive frame headers of one sampling rate; one is enough where the head ends before the second.
bool is_mpeg_audio(ByteView head);
bool is_adts(ByteView head);

}  // namespace persona::media

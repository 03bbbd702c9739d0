// What a file is, judged by its first bytes and never by its name: people rename files, and Telegram keeps the name they chose.
// Pure; a hostile file costs a bounded look at its head.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/bytes.hpp"

namespace persona::media {

enum class ContentType : std::uint8_t {
    unknown,
    empty,
    mp3,
    aac,
    wav,
    flac,
    ogg,
    opus,
    m4a,
    wma,
    amr,
    aiff,
    caf,
    wavpack,
    mp4,
    mov,
    matroska,
    webm,
    avi,
    flv,
    mpeg_ts,
    jpeg,
    png,
    gif,
    webp,
    bmp,
    tiff,
    heic,
    avif,
    pdf,
    docx,
    xlsx,
    zip,
    rtf,
    text,
};

enum class ContentKind : std::uint8_t { other, audio, video, image, document, text };

struct ContentTraits {
    ContentType type;
    std::string_view name;  // a fixed short name for logs and metrics
    ContentKind kind;
    std::string_view mime;
    std::string_view extension;  // the usual one, without a dot, for a name we choose
    std::string_view demuxer;    // libavformat's name; empty where the file holds no sound
};

// How many leading bytes decide; more are never looked at. An ID3 tag is skipped and the look begins anew behind it.
inline constexpr std::size_t content_head_bytes = 4096;

// head: the file's first bytes, at least content_head_bytes where the file has them.
ContentType content_type(ByteView head);
// Reads the heads it needs from an open, seekable file by pread; its position stays. A read that fails is `unknown`.
ContentType content_type_of(int fd);

const ContentTraits& traits(ContentType type);
inline bool may_hold_sound(ContentType type) { return !traits(type).demuxer.empty(); }

}  // namespace persona::media

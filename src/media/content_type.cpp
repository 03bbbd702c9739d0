#include "media/content_type.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>

#include "media/mpeg_frames.hpp"

namespace persona::media {
namespace {

using enum ContentType;
using namespace std::string_view_literals;

constexpr ContentTraits all_traits[] = {
    {unknown, "unknown", ContentKind::other, "application/octet-stream", "bin", ""},
    {empty, "empty", ContentKind::other, "application/octet-stream", "bin", ""},
    {mp3, "mp3", ContentKind::audio, "audio/mpeg", "mp3", "mp3"},
    {aac, "aac", ContentKind::audio, "audio/aac", "aac", "aac"},
    {wav, "wav", ContentKind::audio, "audio/wav", "wav", "wav"},
    {flac, "flac", ContentKind::audio, "audio/flac", "flac", "flac"},
    {ogg, "ogg", ContentKind::audio, "audio/ogg", "ogg", "ogg"},
    {opus, "opus", ContentKind::audio, "audio/ogg", "ogg", "ogg"},
    {m4a, "m4a", ContentKind::audio, "audio/mp4", "m4a", "mov"},
    {wma, "wma", ContentKind::audio, "audio/x-ms-wma", "wma", "asf"},
    {amr, "amr", ContentKind::audio, "audio/amr", "amr", "amr"},
    {aiff, "aiff", ContentKind::audio, "audio/aiff", "aiff", "aiff"},
    {caf, "caf", ContentKind::audio, "audio/x-caf", "caf", "caf"},
    {wavpack, "wavpack", ContentKind::audio, "audio/wavpack", "wv", "wv"},
    {mp4, "mp4", ContentKind::video, "video/mp4", "mp4", "mov"},
    {mov, "mov", ContentKind::video, "video/quicktime", "mov", "mov"},
    {matroska, "matroska", ContentKind::video, "video/x-matroska", "mkv", "matroska"},
    {webm, "webm", ContentKind::video, "video/webm", "webm", "matroska"},
    {avi, "avi", ContentKind::video, "video/x-msvideo", "avi", "avi"},
    {flv, "flv", ContentKind::video, "video/x-flv", "flv", "flv"},
    {mpeg_ts, "mpeg_ts", ContentKind::video, "video/mp2t", "ts", "mpegts"},
    {jpeg, "jpeg", ContentKind::image, "image/jpeg", "jpg", ""},
    {png, "png", ContentKind::image, "image/png", "png", ""},
    {gif, "gif", ContentKind::image, "image/gif", "gif", ""},
    {webp, "webp", ContentKind::image, "image/webp", "webp", ""},
    {bmp, "bmp", ContentKind::image, "image/bmp", "bmp", ""},
    {tiff, "tiff", ContentKind::image, "image/tiff", "tiff", ""},
    {heic, "heic", ContentKind::image, "image/heic", "heic", ""},
    {avif, "avif", ContentKind::image, "image/avif", "avif", ""},
    {pdf, "pdf", ContentKind::document, "application/pdf", "pdf", ""},
    {docx, "docx", ContentKind::document, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", ""},
    {xlsx, "xlsx", ContentKind::document, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", ""},
    {zip, "zip", ContentKind::document, "application/zip", "zip", ""},
    {rtf, "rtf", ContentKind::document, "application/rtf", "rtf", ""},
    {text, "text", ContentKind::text, "text/plain", "txt", ""},
};

constexpr bool traits_in_order() {
    for (std::size_t i = 0; i < std::size(all_traits); ++i)
        if (static_cast<std::size_t>(all_traits[i].type) != i) return false;
    return true;
}
static_assert(traits_in_order());

// Bytes at a fixed place; where `within` is given, those bytes must also occur anywhere in the head. The first row that fits decides.
struct Signature {
    ContentType type;
    std::size_t offset;
    std::string_view magic;
    std::string_view within = {};
};

constexpr Signature signatures[] = {
    {wav, 8, "WAVE", "RIFF"},
    {wav, 8, "WAVE", "RF64"},
    {avi, 8, "AVI ", "RIFF"},
    {webp, 8, "WEBP", "RIFF"},
    {flac, 0, "fLaC"},
    {opus, 28, "OpusHead", "OggS"},
    {ogg, 0, "OggS"},
    {wma, 0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11\xA6\xD9\x00\xAA\x00\x62\xCE\x6C"sv},
    {amr, 0, "#!AMR"},
    {aiff, 8, "AIFF", "FORM"},
    {aiff, 8, "AIFC", "FORM"},
    {caf, 0, "caff"},
    {wavpack, 0, "wvpk"},
    {webm, 0, "\x1A\x45\xDF\xA3", "webm"},
    {matroska, 0, "\x1A\x45\xDF\xA3", "matroska"},
    {flv, 0, "FLV\x01"},
    {jpeg, 0, "\xFF\xD8\xFF"},
    {png, 0, "\x89PNG\r\n\x1A\n"},
    {gif, 0, "GIF87a"},
    {gif, 0, "GIF89a"},
    {tiff, 0, "II*\0"sv},
    {tiff, 0, "MM\0*"sv},
    {bmp, 6, "\0\0\0\0"sv, "BM"},
    {pdf, 0, "%PDF-"},
    {docx, 0, "PK\x03\x04", "word/"},
    {xlsx, 0, "PK\x03\x04", "xl/"},
    {zip, 0, "PK\x03\x04"},
    {rtf, 0, "{\\rtf"},
};

// Brands of ISO base media files (ISO/IEC 14496-12); the major brand decides, an unknown one is a film.
struct Brand {
    std::string_view name;
    ContentType type;
};
constexpr Brand brands[] = {
    {"M4A ", m4a},  {"M4B ", m4a},  {"M4P ", m4a},  {"qt  ", mov},  {"heic", heic}, {"heix", heic}, {"hevc", heic},
    {"heim", heic}, {"heis", heic}, {"mif1", heic}, {"msf1", heic}, {"avif", avif}, {"avis", avif},
};
// QuickTime files older than the brand box begin with one of these boxes.
constexpr std::string_view quicktime_boxes[] = {"moov", "mdat", "wide", "pnot"};

std::string_view at(std::string_view head, std::size_t offset, std::size_t size) {
    return offset + size <= head.size() ? head.substr(offset, size) : std::string_view{};
}

ContentType by_signature(std::string_view head) {
    for (const Signature& row : signatures) {
        if (at(head, row.offset, row.magic.size()) != row.magic) continue;
        // A container's own mark stands at the very start; the marks that lie deeper may be anywhere in the head.
        if (row.within.empty() || (row.offset > 0 ? head.starts_with(row.within) : head.contains(row.within))) return row.type;
    }
    return unknown;
}

ContentType by_brand(std::string_view head) {
    const std::string_view box = at(head, 4, 4);
    if (std::ranges::find(quicktime_boxes, box) != std::end(quicktime_boxes)) return mov;
    if (box != "ftyp" || head.size() < 12) return unknown;
    const auto row = std::ranges::find(brands, at(head, 8, 4), &Brand::name);
    return row == std::end(brands) ? mp4 : row->type;
}

// 188-byte packets, each begun by 0x47.
ContentType by_packets(std::string_view head) {
    constexpr std::size_t packet = 188;
    if (head.size() < 3 * packet) return unknown;
    for (std::size_t offset = 0; offset < head.size(); offset += packet)
        if (head[offset] != 0x47) return unknown;
    return mpeg_ts;
}

// Frames without a container: two headers in a row must agree, else two bytes of chance would be a recording.
ContentType by_frames(std::string_view head) {
    const auto start = std::min(head.find_first_not_of('\0'), head.size());
    const ByteView bytes = as_bytes(head.substr(start));
    if (is_adts(bytes)) return aac;
    return is_mpeg_audio(bytes) ? mp3 : unknown;
}

// No control character but those of a page: a binary head of any length has others.
ContentType by_characters(std::string_view head) {
    if (head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF")) return text;
    const bool plain = std::ranges::all_of(head, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0x20 ? byte != 0x7F : "\t\n\v\f\r\x1B"sv.contains(c);
    });
    return plain ? text : unknown;
}

constexpr std::array recognisers = {by_signature, by_brand, by_packets, by_characters, by_frames};

ContentType untagged(std::string_view head) {
    if (head.empty()) return empty;
    for (const auto recognise : recognisers)
        if (const ContentType found = recognise(head); found != unknown) return found;
    return unknown;
}

// What follows a tag is sound or nothing: a text or a picture behind ID3 is no recording of theirs, and players agree.
ContentType tagged(ContentType behind) { return traits(behind).kind == ContentKind::audio ? behind : mp3; }

std::string_view read_head(int fd, std::size_t offset, std::span<char> buffer) {
    const ssize_t size = pread(fd, buffer.data(), buffer.size(), static_cast<off_t>(offset));
    return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace

const ContentTraits& traits(ContentType type) { return all_traits[static_cast<std::size_t>(type)]; }

ContentType content_type(ByteView bytes) {
    const std::string_view head = as_text(bytes.first(std::min(bytes.size(), content_head_bytes)));
    const std::size_t tag = id3_size(as_bytes(head));
    if (tag == 0) return untagged(head);
    return tag < head.size() ? tagged(untagged(head.substr(tag))) : mp3;
}

ContentType content_type_of(int fd) {
    std::array<char, content_head_bytes> buffer;
    std::string_view head = read_head(fd, 0, buffer);
    const std::size_t tag = id3_size(as_bytes(head));
    if (tag == 0) return content_type(as_bytes(head));
    head = read_head(fd, tag, buffer);
    return head.empty() ? mp3 : tagged(untagged(head));
}

}  // namespace persona::media

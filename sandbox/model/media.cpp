#include "sandbox/model/media.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "base/bytes.hpp"

namespace persona::sandbox {
namespace {

constexpr std::array<MediaKind, 8> kinds = {{{"photo", "photos", "jpg", "image/jpeg", true},
                                             {"document", "documents", "bin", "application/octet-stream", true},
                                             {"audio", "music", "mp3", "audio/mpeg", true},
                                             {"voice", "voice", "oga", "audio/ogg", true},
                                             {"video", "videos", "mp4", "video/mp4", true},
                                             {"video_note", "video_notes", "mp4", "video/mp4", false},
                                             {"animation", "animations", "mp4", "video/mp4", true},
                                             {"sticker", "stickers", "webp", "image/webp", false}}};

std::uint32_t big(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = 0; i < size; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}
std::uint32_t little(std::string_view bytes, std::size_t at, int size) {
    std::uint32_t value = 0;
    for (int i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
    return value;
}

// The size stands in the first start-of-frame segment.
std::optional<Pixels> jpeg_pixels(std::string_view bytes) {
    std::size_t at = 2;
    while (at + 9 < bytes.size() && static_cast<unsigned char>(bytes[at]) == 0xFF) {
        const auto marker = static_cast<unsigned char>(bytes[at + 1]);
        const bool frame = marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
        if (frame) return Pixels{big(bytes, at + 7, 2), big(bytes, at + 5, 2)};
        at += marker == 0xFF ? 1 : 2 + big(bytes, at + 2, 2);
    }
    return std::nullopt;
}

std::optional<Pixels> webp_pixels(std::string_view bytes) {
    const auto chunk = bytes.substr(12, 4);
    if (chunk == "VP8X") return Pixels{little(bytes, 24, 3) + 1, little(bytes, 27, 3) + 1};
    if (chunk == "VP8L") return Pixels{(little(bytes, 21, 4) & 0x3FFF) + 1, (little(bytes, 21, 4) >> 14 & 0x3FFF) + 1};
    return Pixels{little(bytes, 26, 2) & 0x3FFF, little(bytes, 28, 2) & 0x3FFF};
}

std::string extension_of(const MediaKind& kind, const std::string& name) {
    const auto dot = name.rfind('.');
    if (kind.name == "photo" || dot == std::string::npos || name.size() - dot > 8) return std::string(kind.extension);
    std::string extension = name.substr(dot + 1);
    const bool plain = !extension.empty() && std::ranges::all_of(extension, [](unsigned char c) { return std::isalnum(c); });
    return plain ? extension : std::string(kind.extension);
}

// Where a client does not say the type, Telegram tells it by the name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 11> types = {
    {{"txt", "text/plain"},
     {"pdf", "application/pdf"},
     {"zip", "application/zip"},
     {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
     {"png", "image/png"},
     {"jpg", "image/jpeg"},
     {"jpeg", "image/jpeg"},
     {"webp", "image/webp"},
     {"gif", "image/gif"},
     {"mp3", "audio/mpeg"},
     {"ogg", "audio/ogg"}}};

std::string type_of(const MediaKind& kind, const Upload& upload) {
    if (!upload.mime.empty() && upload.mime != "application/octet-stream") return upload.mime;
    const auto dot = upload.name.rfind('.');
    const auto known = std::ranges::find(types, std::string_view(upload.name).substr(dot == std::string::npos ? 0 : dot + 1),
                                         &std::pair<std::string_view, std::string_view>::first);
    return std::string(kind.name == "document" && known != types.end() ? known->second : kind.mime);
}

}  // namespace

const MediaKind* media_kind(std::string_view name) {
    const auto found = std::ranges::find(kinds, name, &MediaKind::name);
    return found == kinds.end() ? nullptr : &*found;
}

std::optional<Pixels> pixels_of(std::string_view bytes) {
    if (bytes.size() < 30) return std::nullopt;
    if (bytes.starts_with("\xFF\xD8")) return jpeg_pixels(bytes);
    if (bytes.starts_with("\x89PNG")) return Pixels{big(bytes, 16, 4), big(bytes, 20, 4)};
    if (bytes.starts_with("GIF8")) return Pixels{little(bytes, 6, 2), little(bytes, 8, 2)};
    if (bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return webp_pixels(bytes);
    return std::nullopt;
}

const StoredFile& store(World& world, const MediaKind& kind, const Upload& upload, const MediaFacts& facts) {
    const auto number = world.number();
    StoredFile file;
    file.unique_id = "AQAD" + to_hex(random_bytes(6));
    file.id = fmt::format("{}AAMC{}_{}", kind.name == "photo" ? "AgAC" : "BQAC", file.unique_id, to_hex(random_bytes(12)));
    file.kind = kind.name;
    file.name = upload.name;
    file.mime = type_of(kind, upload);
    file.path = fmt::format("{}/file_{}.{}", kind.folder, number, extension_of(kind, upload.name));
    file.size = static_cast<std::int64_t>(upload.content.size());
    const auto pixels = pixels_of(upload.content).value_or(Pixels{facts.width, facts.height});
    file.width = pixels.width;
    file.height = pixels.height;
    file.duration = facts.duration;
    return world.put_file(std::move(file), upload.content);
}

json::value describe(const MediaKind& kind, const StoredFile& file, const MediaFacts& facts) {
    json::object out{{"file_id", file.id}, {"file_unique_id", file.unique_id}, {"file_size", file.size}};
    if (kind.name == "photo") {
        out["width"] = file.width;
        out["height"] = file.height;
        return json::array{std::move(out)};
    }
    if (kind.name == "sticker") {
        for (const auto* flag : {"is_animated", "is_video"}) out[flag] = false;
        out["type"] = "regular";
        out["width"] = file.width ? file.width : 512;
        out["height"] = file.height ? file.height : 512;
        if (!facts.emoji.empty()) out["emoji"] = facts.emoji;
        return out;
    }
    if (kind.name != "document") out["duration"] = facts.duration ? facts.duration : file.duration;
    if (kind.name == "video" || kind.name == "animation") {
        out["width"] = facts.width ? facts.width : file.width;
        out["height"] = facts.height ? facts.height : file.height;
    }
    if (kind.name == "video_note") {
        out["length"] = 240;
        return out;
    }
    out["mime_type"] = file.mime;
    if (!file.name.empty() && kind.name != "voice") out["file_name"] = file.name;
    if (!facts.title.empty()) out["title"] = facts.title;
    if (!facts.performer.empty()) out["performer"] = facts.performer;
    return out;
}

}  // namespace persona::sandbox

// Files of messages: how each kind is named, stored and described in a message.
#pragma once

#include <optional>
#include <string_view>

#include "sandbox/model/world.hpp"

namespace persona::sandbox {

struct MediaKind {
    std::string_view name;       // the field of a message and the parameter of its method
    std::string_view folder;     // of file_path
    std::string_view extension;  // where the name gives none
    std::string_view mime;
    bool captioned;
};
// Null: no kind of that name.
const MediaKind* media_kind(std::string_view name);

struct Pixels {
    std::int64_t width = 0, height = 0;
};
// From the header of a JPEG, PNG, GIF or WEBP; nothing for other content.
std::optional<Pixels> pixels_of(std::string_view content);

// What the sender says about a file; zero and empty: unknown.
struct MediaFacts {
    std::int64_t duration = 0, width = 0, height = 0;
    std::string title, performer, emoji;
};

// Stores the content and gives it its ids.
const StoredFile& store(World& world, const MediaKind& kind, const Upload& upload, const MediaFacts& facts);
// The value of the message's field of that kind.
json::value describe(const MediaKind& kind, const StoredFile& file, const MediaFacts& facts);

}  // namespace persona::sandbox

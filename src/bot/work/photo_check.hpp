// Whether a photo is one to learn a person from, and what is kept of it. Synchronous, for a CPU pool.
#pragma once

#include <expected>
#include <filesystem>
#include <vector>

#include "bot/turn.hpp"
#include "bot/work/atelier.hpp"
#include "media/pixels.hpp"

namespace persona::bot {

struct CheckedPhoto {
    std::string picture, preview;  // JPEG files: upright, without metadata; at most 1024 and 512 pixels
    media::Likeness likeness = 0;
    double clearness = 0;      // sharper and bigger faces have more
    std::vector<Text> advice;  // what would be better next time
};

// The text says why not. Throws Unavailable.
std::expected<CheckedPhoto, Text> check_photo(const Atelier& atelier, const Limits& limits, const std::filesystem::path& file);

// What a reader's refusal means to the person; nothing: worth another try.
std::optional<Text> refusal_of(media::PictureError error);

}  // namespace persona::bot

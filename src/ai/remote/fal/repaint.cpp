#include "ai/remote/fal/portraits.hpp"
#include "media/jpeg.hpp"
#include "media/picture_reader.hpp"

namespace persona::ai::fal {

Repaint repainted_by(const media::PictureReader& reader) {
    return [&reader](std::string_view bytes, std::stop_token stop) -> std::optional<std::string> {
        constexpr int most_side = 2048;
        constexpr std::int64_t most_pixels = 40'000'000;
        const auto read = reader.read_bytes(bytes, {.most_side = most_side}, {.most_pixels = most_pixels, .cancel = std::move(stop)});
        return read ? std::optional(media::jpeg_of(read->picture)) : std::nullopt;
    };
}

}  // namespace persona::ai::fal

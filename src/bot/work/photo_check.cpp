#include "bot/work/photo_check.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/log.hpp"
#include "media/jpeg.hpp"

namespace persona::bot {
namespace {

constexpr int picture_side = 1024, preview_side = 512;
constexpr int picture_quality = 90, preview_quality = 82;

struct Row {
    ai::FaceFault fault;
    Text text;
};
constexpr std::array faults{Row{ai::FaceFault::nobody, Text::photo_nobody}, Row{ai::FaceFault::several, Text::photo_several},
                            Row{ai::FaceFault::too_small, Text::photo_far}, Row{ai::FaceFault::cut_off, Text::photo_cut}};

media::Region region_of(const ai::Face& face, const media::Picture& picture) {
    return {face.left / picture.width, face.top / picture.height, face.width / picture.width, face.height / picture.height};
}

std::vector<Text> advice_of(const media::Clarity& clarity) {
    std::vector<Text> out;
    if (clarity.sharpness < media::blurred) out.push_back(Text::advice_blurred);
    if (clarity.brightness < media::dark) out.push_back(Text::advice_dark);
    if (clarity.burnt > media::glaring) out.push_back(Text::advice_bright);
    return out;
}

CheckedPhoto checked(const media::Picture& picture, const media::Region& region) {
    const media::Clarity clarity = media::clarity_of(picture, region);
    const double share = std::clamp(region.width, 0.0, 1.0) * std::clamp(region.height, 0.0, 1.0);
    return {.picture = media::jpeg_of(picture, picture_quality),
            .preview = media::jpeg_of(media::resized(picture, preview_side), preview_quality),
            .likeness = media::likeness_of(picture),
            .clearness = std::sqrt(std::max(0.0, clarity.sharpness)) * std::sqrt(share),
            .advice = advice_of(clarity)};
}

}  // namespace

std::optional<Text> refusal_of(media::PictureError error) {
    switch (error) {
        case media::PictureError::not_supported: return Text::photo_format;
        case media::PictureError::too_many_pixels: return Text::photo_pixels;
        case media::PictureError::broken:
        case media::PictureError::child_killed: return Text::photo_broken;  // a bound on memory or time: the file is at fault
        default: return std::nullopt;
    }
}

std::expected<CheckedPhoto, Text> check_photo(const Atelier& atelier, const Limits& limits, const std::filesystem::path& file) {
    const auto read = atelier.reader.read(file, {.most_side = picture_side}, {});
    if (!read) {
        log(Level::info, "bot", "a photo was not read", {{"error", media::name(read.error().error)}, {"detail", read.error().detail}});
        const auto text = refusal_of(read.error().error);
        if (!text) throw Unavailable("a photo was not read in time");
        return std::unexpected(*text);
    }
    if (std::min(read->info.width, read->info.height) < limits.photo_side) return std::unexpected(Text::photo_small);
    if (!atelier.faces || atelier.rule == FaceRule::ignored) return checked(read->picture, {});
    const auto faces = atelier.faces(read->picture);
    const ai::FaceFault fault = ai::judge_faces(faces, read->picture.width, read->picture.height);
    for (const Row& row : faults)
        if (row.fault == fault) return std::unexpected(row.text);
    return checked(read->picture, region_of(faces.front(), read->picture));
}

}  // namespace persona::bot

// The order of the steps, and how much each is needed: measured first, so that a good photo passes almost untouched. Pure.
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "ai/faces.hpp"
#include "ai/local/enhance/upscaler.hpp"
#include "media/picture.hpp"

namespace persona::ai::enhancement {

// Longer sides below this are doubled, where there is a model: a photo of 900 pixels fills a phone's screen already.
inline constexpr int small_side = 900;

// upscaler: nullptr where there is none. Nothing when asked to stop.
std::optional<media::Picture> enhanced(const media::Picture& picture, const std::vector<Face>& faces, const Upscaler* upscaler,
                                       const std::stop_token& stop);

}  // namespace persona::ai::enhancement

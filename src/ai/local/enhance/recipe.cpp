#include "ai/local/enhance/recipe.hpp"

#include <algorithm>

#include "ai/local/enhance/denoise.hpp"
#include "ai/local/enhance/face_mask.hpp"
#include "ai/local/enhance/local_contrast.hpp"
#include "ai/local/enhance/sharpen.hpp"
#include "ai/local/enhance/tone.hpp"
#include "ai/local/enhance/white_balance.hpp"

namespace persona::ai::enhancement {
namespace {

// Noise goes first, while it is as the camera made it; then light and colour; edges last, since every step before moves them. What
// comes before the edges is planned on the colours as they will be.
void improve(Planes& planes, const std::vector<Face>& faces, const std::stop_token& stop) {
    const cv::Mat mask = face_mask(planes.size(), faces);
    if (const Balance balance = balance_of(planes, mask); balance.changes()) apply(balance, planes);
    const Tone tone = tone_of(planes, mask);
    const Noise noise = noise_of(planes);
    const bool cleaned = denoise(planes, noise, tone.lift, mask, stop);
    if (stop.stop_requested()) return;
    apply(tone, planes);
    raise_local_contrast(planes, flatness_of(planes), mask);
    if (stop.stop_requested()) return;
    sharpen(planes, blur_of(planes), noise.luma * tone.lift * (cleaned ? 0.3f : 1), mask, stop);
}

}  // namespace

std::optional<media::Picture> enhanced(const media::Picture& picture, const std::vector<Face>& faces, const Upscaler* upscaler,
                                       const std::stop_token& stop) {
    Planes planes = planes_of(picture);
    improve(planes, faces, stop);
    if (stop.stop_requested()) return {};
    media::Picture out = picture_of(planes);
    if (upscaler && std::max(out.width, out.height) < small_side) out = upscaler->twice(out, stop);
    if (stop.stop_requested()) return {};
    return out;
}

}  // namespace persona::ai::enhancement

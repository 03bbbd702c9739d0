#include "ai/local/enhance/denoise.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "ai/local/enhance/dct.hpp"
#include "ai/local/enhance/face_mask.hpp"

namespace persona::ai::enhancement {
namespace {

// Below the first nobody sees it, above the second all of it goes.
struct Visible {
    float from, fully;
};
constexpr Visible grain{1.6f, 3.5f}, speckle{1.0f, 2.2f}, blocking{0.9f, 2.0f};
constexpr Visible blotchy{2, 4};  // of the lift: colours of a photo that dark are never clean
float share(float seen, Visible visible) { return std::clamp((seen - visible.from) / (visible.fully - visible.from), 0.0f, 1.0f); }

constexpr float most_taken = 0.92f;  // a trace of grain keeps skin from looking like wax
constexpr float kept_on_faces = 0.22f;
constexpr float sigma_of_blocks = 2.2f;  // a deviation that flattens steps of that height, tried on JPEGs of quality 10 to 40

int step_of(const cv::Mat& plane) {
    const std::size_t pixels = plane.total();
    return pixels < 2'500'000 ? 2 : pixels < 6'000'000 ? 3 : 4;
}

void mix(cv::Mat& plane, const cv::Mat& clean, float taken, const cv::Mat& faces) {
    cv::Mat out;
    cv::addWeighted(clean, taken, plane, 1 - taken, 0, out);
    keep_faces(out, plane, faces, kept_on_faces);
    plane = out;
}

// The eye sees little detail in colour, and cameras and JPEG store half of it: what is at half the size is all there is.
void clean_colour(cv::Mat& plane, float sigma, float taken, const std::stop_token& stop) {
    cv::Mat half, clean;
    cv::resize(plane, half, {(plane.cols + 1) / 2, (plane.rows + 1) / 2}, 0, 0, cv::INTER_AREA);
    clean = without_noise(half, sigma, step_of(half), stop);
    cv::resize(clean, half, plane.size(), 0, 0, cv::INTER_LINEAR);
    cv::addWeighted(half, taken, plane, 1 - taken, 0, plane);
}

}  // namespace

bool denoise(Planes& planes, const Noise& noise, float lift, const cv::Mat& faces, const std::stop_token& stop) {
    if (std::min(planes.luma.cols, planes.luma.rows) < 32) return false;
    // Noise that is smeared over neighbours is stronger in the waves that hold it than its single pixels tell.
    const float smeared = std::clamp(2 * noise.coarse, noise.luma, 1.6f * lift * noise.luma);
    // What a JPEG left of the noise of a dark photo comes in blots, which are stronger than they measure.
    const float blots = std::min(1.5f, 1 + (lift - 1) / 6);
    const float blocks = share(noise.blocks, blocking);
    const float taken = std::max(share((lift > 1 ? smeared : noise.luma) * lift, grain), blocks);
    const float colour_taken = std::max({share(noise.colour * lift, speckle), share(lift, blotchy), blocks});
    if (taken > 0) {
        const float sigma = std::max(smeared * blots, blocks * sigma_of_blocks * noise.blocks);
        mix(planes.luma, without_noise(planes.luma, sigma, step_of(planes.luma), stop), taken * most_taken, faces);
    }
    if (colour_taken > 0) {
        const float sigma = std::max({noise.colour * blots, 1.6f * blocks * noise.blocks, 0.5f * blots});
        clean_colour(planes.red, sigma, colour_taken, stop);
        clean_colour(planes.blue, sigma, colour_taken, stop);
    }
    return taken > 0 || colour_taken > 0;
}

}  // namespace persona::ai::enhancement

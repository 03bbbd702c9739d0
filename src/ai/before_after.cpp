#include "ai/before_after.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace persona::ai {
namespace {

cv::Mat pixels_of(const media::Picture& picture) { return {picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data())}; }

// The left or right half of `from`, as it looks in a frame of that size.
void show(const media::Picture& from, cv::Mat& frame, int left, int right) {
    cv::Mat scaled;
    const bool smaller = frame.cols < from.width;
    cv::resize(pixels_of(from), scaled, frame.size(), 0, 0, smaller ? cv::INTER_AREA : cv::INTER_CUBIC);
    scaled.colRange(left, right).copyTo(frame.colRange(left, right));
}

}  // namespace

media::Picture before_after(const media::Picture& before, const media::Picture& after, int most_side) {
    const media::Picture& larger = after.width >= before.width ? after : before;
    const double scale = std::min(1.0, static_cast<double>(most_side) / std::max(larger.width, larger.height));
    media::Picture out{std::max(1, cvRound(larger.width * scale)), std::max(1, cvRound(larger.height * scale)), {}};
    out.rgb.resize(static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
    cv::Mat frame = pixels_of(out);
    const int middle = out.width / 2, line = out.width < 8 ? 0 : std::max(1, out.width / 400);
    if (middle > 0) show(before, frame, 0, middle);
    show(after, frame, middle, out.width);
    if (line > 0) frame.colRange(middle - line / 2, middle - line / 2 + line).setTo(cv::Scalar::all(255));
    return out;
}

}  // namespace persona::ai

// A good photo of a face, what people's cameras do to such photos, and how far two pictures are apart.
#pragma once

#include <opencv2/imgproc.hpp>
#include <string>

#include "ai/faces.hpp"
#include "media/jpeg.hpp"
#include "media/picture_reader.hpp"
#include "support/places.hpp"

namespace persona::ai::test {

using media::Picture;

inline cv::Mat pixels_of(const Picture& picture) { return {picture.height, picture.width, CV_8UC3, const_cast<std::uint8_t*>(picture.rgb.data())}; }
inline Picture photo_of(const cv::Mat& pixels) {
    Picture out{pixels.cols, pixels.rows, Bytes(pixels.total() * 3)};
    pixels.convertTo(pixels_of(out), CV_8U);
    return out;
}

inline const media::PictureReader& reader() {
    static const media::PictureReader one(places::programs() / "persona-picture");
    return one;
}
// The astronaut, 512 x 512.
inline const Picture& good_photo() {
    static const Picture photo = reader().read(places::data() / "photos/astronaut.jpg", {}, {}).value().picture;
    return photo;
}
inline std::vector<Face> her_face() { return {{.left = 178, .top = 75, .width = 95, .height = 115, .score = 1}}; }
inline cv::Rect her_cheeks() { return {195, 105, 60, 60}; }

inline Picture flat(int width, int height, std::uint8_t value) {
    return {width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, value)};
}

// Every channel by itself, as a sensor does; the same each time.
inline Picture noisy(const Picture& photo, double deviation) {
    cv::Mat noise(photo.height, photo.width, CV_32FC3), pixels;
    cv::RNG(7).fill(noise, cv::RNG::NORMAL, 0, deviation);
    pixels_of(photo).convertTo(pixels, CV_32F);
    return photo_of(pixels + noise);
}
inline Picture scaled(const Picture& photo, double factor, double offset = 0) {
    cv::Mat pixels;
    pixels_of(photo).convertTo(pixels, CV_32F, factor, offset);
    return photo_of(pixels);
}
inline Picture tinted(const Picture& photo, cv::Scalar factors) {
    cv::Mat pixels;
    pixels_of(photo).convertTo(pixels, CV_32F);
    return photo_of(pixels.mul(cv::Mat(pixels.size(), CV_32FC3, factors)));
}
inline Picture blurred(const Picture& photo, double deviation) {
    cv::Mat pixels;
    cv::GaussianBlur(pixels_of(photo), pixels, {}, deviation);
    return photo_of(pixels);
}
inline Picture sized(const Picture& photo, int width, int height) {
    cv::Mat pixels;
    cv::resize(pixels_of(photo), pixels, {width, height}, 0, 0, width < photo.width ? cv::INTER_AREA : cv::INTER_CUBIC);
    return photo_of(pixels);
}
inline Picture compressed(const Picture& photo, int quality) { return reader().read_bytes(media::jpeg_of(photo, quality), {}, {}).value().picture; }

// Decibels; over 40 nobody sees the difference.
inline double psnr(const Picture& a, const Picture& b) { return cv::PSNR(pixels_of(a), pixels_of(b)); }

// Z. Wang et al., Image quality assessment: from error visibility to structural similarity (2004), of brightness; 1 for the same.
inline double ssim(const Picture& first, const Picture& second) {
    const auto light = [](const Picture& picture) {
        cv::Mat grey, out;
        cv::cvtColor(pixels_of(picture), grey, cv::COLOR_RGB2GRAY);
        grey.convertTo(out, CV_32F);
        return out;
    };
    const auto around = [](const cv::Mat& plane) {
        cv::Mat out;
        cv::GaussianBlur(plane, out, {11, 11}, 1.5);
        return out;
    };
    const cv::Mat a = light(first), b = light(second), mean_a = around(a), mean_b = around(b);
    const cv::Mat both = mean_a.mul(mean_b), squares = mean_a.mul(mean_a) + mean_b.mul(mean_b);
    const cv::Mat covariance = around(a.mul(b)) - both, variances = around(a.mul(a) + b.mul(b)) - squares;
    constexpr double c1 = 6.5025, c2 = 58.5225;
    cv::Mat likeness;
    cv::divide((2 * both + c1).mul(2 * covariance + c2), (squares + c1).mul(variances + c2), likeness);
    return cv::mean(likeness)[0];
}

}  // namespace persona::ai::test

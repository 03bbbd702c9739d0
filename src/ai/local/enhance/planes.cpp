#include "ai/local/enhance/planes.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

namespace persona::ai::enhancement {

Planes planes_of(const media::Picture& picture) {
    const cv::Size size(picture.width, picture.height);
    Planes out{cv::Mat(size, CV_32F), cv::Mat(size, CV_32F), cv::Mat(size, CV_32F)};
    const std::uint8_t* from = picture.rgb.data();
    float *luma = out.luma.ptr<float>(), *red = out.red.ptr<float>(), *blue = out.blue.ptr<float>();
    for (std::size_t i = 0, end = out.luma.total(); i < end; ++i, from += 3) {
        luma[i] = luma_red * from[0] + luma_green * from[1] + luma_blue * from[2];
        red[i] = from[0] - luma[i];
        blue[i] = from[2] - luma[i];
    }
    return out;
}

media::Picture picture_of(const Planes& planes) {
    media::Picture out{planes.luma.cols, planes.luma.rows, Bytes(planes.luma.total() * 3)};
    const auto byte = [](float value) { return cv::saturate_cast<std::uint8_t>(value); };
    std::uint8_t* to = out.rgb.data();
    for (int y = 0; y < planes.luma.rows; ++y) {
        const float *luma = planes.luma.ptr<float>(y), *red = planes.red.ptr<float>(y), *blue = planes.blue.ptr<float>(y);
        for (int x = 0; x < planes.luma.cols; ++x, to += 3) {
            to[0] = byte(luma[x] + red[x]);
            to[1] = byte(luma[x] - green_of_red * red[x] - green_of_blue * blue[x]);
            to[2] = byte(luma[x] + blue[x]);
        }
    }
    return out;
}

Planes small_of(const Planes& planes, int most_side) {
    const double scale = static_cast<double>(most_side) / std::max(planes.luma.cols, planes.luma.rows);
    if (scale >= 1) return planes;
    const cv::Size size(std::max(1, cvRound(planes.luma.cols * scale)), std::max(1, cvRound(planes.luma.rows * scale)));
    Planes out;
    cv::resize(planes.luma, out.luma, size, 0, 0, cv::INTER_AREA);
    cv::resize(planes.red, out.red, size, 0, 0, cv::INTER_AREA);
    cv::resize(planes.blue, out.blue, size, 0, 0, cv::INTER_AREA);
    return out;
}

}  // namespace persona::ai::enhancement

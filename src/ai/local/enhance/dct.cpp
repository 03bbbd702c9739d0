#include "ai/local/enhance/dct.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <numbers>

namespace persona::ai::enhancement {
namespace {

constexpr int side = 8;
constexpr float threshold = 2.7f;  // in deviations: G. Yu, G. Sapiro, DCT image denoising (2011) has 3, which is a little too smooth for skin
constexpr int band = 128;          // rows that are finished together: what lies under them stays in the cache

using Row = float __attribute__((vector_size(side * sizeof(float))));
using Block = std::array<Row, side>;

// cosine[k][n] of the orthonormal DCT-II, for the first four n: the others mirror them.
const auto cosine = [] {
    std::array<std::array<float, side / 2>, side> out{};
    for (int k = 0; k < side; ++k)
        for (int n = 0; n < side / 2; ++n)
            out[k][n] = static_cast<float>(std::sqrt((k ? 2.0 : 1.0) / side) * std::cos(std::numbers::pi * (2 * n + 1) * k / (2.0 * side)));
    return out;
}();

// Of each column.
inline void forward(Block& b) {
    Row sum[4], difference[4];
    for (int n = 0; n < 4; ++n) sum[n] = b[n] + b[7 - n], difference[n] = b[n] - b[7 - n];
    for (int k = 0; k < side; ++k) {
        const Row* half = k % 2 ? difference : sum;
        b[k] = cosine[k][0] * half[0] + cosine[k][1] * half[1] + cosine[k][2] * half[2] + cosine[k][3] * half[3];
    }
}

inline void backward(Block& b) {
    Row even[4], odd[4];
    for (int n = 0; n < 4; ++n) {
        even[n] = cosine[0][n] * b[0] + cosine[2][n] * b[2] + cosine[4][n] * b[4] + cosine[6][n] * b[6];
        odd[n] = cosine[1][n] * b[1] + cosine[3][n] * b[3] + cosine[5][n] * b[5] + cosine[7][n] * b[7];
    }
    for (int n = 0; n < 4; ++n) b[n] = even[n] + odd[n], b[7 - n] = even[n] - odd[n];
}

// Three perfect shuffles of eight rows turn rows into columns.
inline void transpose(Block& b) {
    for (int round = 0; round < 3; ++round) {
        Block out;
        for (int i = 0; i < 4; ++i) {
            out[2 * i] = __builtin_shufflevector(b[i], b[i + 4], 0, 8, 1, 9, 2, 10, 3, 11);
            out[2 * i + 1] = __builtin_shufflevector(b[i], b[i + 4], 4, 12, 5, 13, 6, 14, 7, 15);
        }
        b = out;
    }
}

// Waves weaker than `least` go; the mean stays. Returns the block's weight: few waves left are a clean block, which may be believed.
inline float shrink(Block& b, float least) {
    const float mean = b[0][0];
    Row kept{};
    for (Row& row : b) {
        const auto strong = (row > least) | (row < -least);  // all bits of a lane
        row = reinterpret_cast<Row>(reinterpret_cast<decltype(strong)>(row) & strong);
        kept -= __builtin_convertvector(strong, Row);
    }
    b[0][0] = mean;
    float count = 1;
    for (int i = 0; i < side; ++i) count += kept[i];
    return 1 / count;
}

struct Sums {
    cv::Mat values, weights;  // of the rows of a band and side - 1 on either side
    int top;

    void add(const Block& b, int x, int y, float weight) {
        for (int i = 0; i < side; ++i) {
            float *value = values.ptr<float>(y - top + i) + x, *sum = weights.ptr<float>(y - top + i) + x;
            for (int j = 0; j < side; ++j) value[j] += weight * b[i][j], sum[j] += weight;
        }
    }
};

void add_block(const cv::Mat& plane, Sums& sums, int x, int y, float least) {
    Block b;
    for (int i = 0; i < side; ++i) std::memcpy(&b[i], plane.ptr<float>(y + i) + x, sizeof(Row));
    forward(b);
    transpose(b);
    forward(b);
    const float weight = shrink(b, least);
    backward(b);
    transpose(b);
    backward(b);
    sums.add(b, x, y, weight);
}

// Calls f(0), f(step), …, f(last): the end is always covered.
template <class F>
void walk(int first, int last, int step, F f) {
    for (int at = first; at < last; at += step) f(at);
    f(last);
}

}  // namespace

cv::Mat without_noise(const cv::Mat& plane, float sigma, int step, const std::stop_token& stop) {
    cv::Mat out(plane.size(), CV_32F);
    for (int top = 0; top < plane.rows && !stop.stop_requested(); top += band) {
        const int bottom = std::min(plane.rows, top + band), last = plane.rows - side;
        // Blocks that touch the band, on the same grid in every band.
        const int first = std::max(0, (top - side + 1 + step - 1) / step * step);
        Sums sums{cv::Mat::zeros(band + 2 * side, plane.cols, CV_32F), cv::Mat::zeros(band + 2 * side, plane.cols, CV_32F), std::min(first, last)};
        walk(std::min(first, last), std::min(last, bottom - 1), step,
             [&](int y) { walk(0, plane.cols - side, step, [&](int x) { add_block(plane, sums, x, y, threshold * sigma); }); });
        for (int y = top; y < bottom; ++y) {
            const float *value = sums.values.ptr<float>(y - sums.top), *weight = sums.weights.ptr<float>(y - sums.top);
            for (int x = 0; x < plane.cols; ++x) out.at<float>(y, x) = value[x] / weight[x];
        }
    }
    return out;
}

}  // namespace persona::ai::enhancement

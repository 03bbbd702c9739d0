// bench_effects MODELS PHOTO.ppm: what enhancement costs, step by step, on one thread: at 1024 pixels, at twelve megapixels, and doubling
// 512 to 1024. The photo is made as bad as people's are, so that every step has work. Medians.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgproc.hpp>
#include <vector>

#include "ai/local/enhance/denoise.hpp"
#include "ai/local/enhance/face_mask.hpp"
#include "ai/local/enhance/local_contrast.hpp"
#include "ai/local/enhance/recipe.hpp"
#include "ai/local/enhance/sharpen.hpp"
#include "ai/local/enhance/tone.hpp"
#include "ai/local/enhance/white_balance.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/speech.hpp"

namespace {

using namespace persona;
using namespace persona::ai::enhancement;

const std::stop_token never;

cv::Mat over(media::Picture& picture) { return {picture.height, picture.width, CV_8UC3, picture.rgb.data()}; }

media::Picture read(const char* file) {
    std::ifstream in(file, std::ios::binary);
    std::string kind;
    int width = 0, height = 0, most = 0;
    if (!(in >> kind >> width >> height >> most) || kind != "P6" || most != 255) {
        fmt::print(stderr, "{} is no PPM\n", file);
        std::exit(2);
    }
    in.get();
    media::Picture out{width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
    in.read(reinterpret_cast<char*>(out.rgb.data()), static_cast<std::streamsize>(out.rgb.size()));
    return out;
}

// Dark, tinted, soft and noisy, of that size.
media::Picture spoilt(media::Picture good, int width, int height) {
    media::Picture out{width, height, Bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3)};
    cv::Mat pixels, noise(height, width, CV_32FC3);
    cv::resize(over(good), pixels, {width, height}, 0, 0, cv::INTER_CUBIC);
    cv::GaussianBlur(pixels, pixels, {}, 1.5);
    pixels.convertTo(pixels, CV_32FC3, 0.5, 20);
    cv::RNG(7).fill(noise, cv::RNG::NORMAL, 0, 8);
    pixels = (pixels + noise).mul(cv::Mat(pixels.size(), CV_32FC3, cv::Scalar(1.05, 0.95, 0.7)));
    pixels.convertTo(over(out), CV_8U);
    return out;
}

struct Cost {
    double wall, cpu;  // milliseconds
};

Cost cost_of(int times, const std::function<void()>& prepare, const std::function<void()>& work) {
    const auto cpu_now = [] {
        timespec time{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
    };
    std::vector<double> walls, cpus;
    for (int i = 0; i < times; ++i) {
        prepare();
        const double cpu = cpu_now();
        const auto start = std::chrono::steady_clock::now();
        work();
        walls.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
        cpus.push_back(cpu_now() - cpu);
    }
    std::ranges::sort(walls), std::ranges::sort(cpus);
    return {walls[walls.size() / 2], cpus[cpus.size() / 2]};
}

void tell(std::string_view what, const Cost& cost) { fmt::print("{:<28} {:>9.1f} {:>9.1f}\n", what, cost.wall, cost.cpu); }

void steps(const media::Picture& photo, const std::vector<ai::Face>& faces, int times) {
    fmt::print("\n{} x {}{:>36} {:>9}\n", photo.width, photo.height, "wall ms", "CPU ms");
    const Planes given = planes_of(photo);
    const cv::Mat mask = face_mask(given.size(), faces);
    const Balance balance = balance_of(given, mask);
    const Tone tone = tone_of(given, mask);
    const Noise noise = noise_of(given);
    Planes planes;
    const auto fresh = [&] { planes = {given.luma.clone(), given.red.clone(), given.blue.clone()}; };
    const auto step = [&](std::string_view what, const std::function<void()>& work) { tell(what, cost_of(times, fresh, work)); };
    step("to planes and back", [&] { picture_of(planes_of(photo)); });
    step("mask of faces", [&] { face_mask(given.size(), faces); });
    step("white balance", [&] { balance_of(planes, mask), apply(balance, planes); });
    step("exposure", [&] { tone_of(planes, mask), apply(tone, planes); });
    step("measuring noise", [&] { noise_of(planes); });
    step("denoising", [&] { denoise(planes, noise, tone.lift, mask, never); });
    step("local contrast", [&] { raise_local_contrast(planes, 0.5f, mask); });
    step("measuring blur", [&] { blur_of(planes); });
    step("sharpening", [&] { sharpen(planes, 1.8f, 1, mask, never); });
    step("the whole, spoilt", [&] { enhanced(photo, faces, nullptr, never); });
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        fmt::print(stderr, "bench_effects MODELS PHOTO.ppm\n");
        return 2;
    }
    cv::setNumThreads(1);
    const ai::ModelPaths models{argv[1]};
    ai::load_onnx_runtime(models.onnx_runtime());
    const Upscaler upscaler(models.upscaler());
    const media::Picture good = read(argv[2]);
    const auto face_in = [](int width, int height) {
        return std::vector<ai::Face>{{.left = 0.35f * width, .top = 0.15f * height, .width = 0.19f * width, .height = 0.22f * height}};
    };
    steps(spoilt(good, 1024, 1024), face_in(1024, 1024), 9);
    steps(spoilt(good, 4000, 3000), face_in(4000, 3000), 3);
    const media::Picture small = spoilt(good, 512, 512);
    fmt::print("\n512 x 512 to 1024 x 1024\n");
    tell("doubling", cost_of(3, [] {}, [&] { upscaler.twice(small, never); }));
}

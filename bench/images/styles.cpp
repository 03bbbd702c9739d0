// bench_styles MODELS FOLDER PHOTO.ppm...: renders every style of each photo into FOLDER and prints what each step took at 1024 pixels, on one
// thread: "NAME WALL_MS CPU_MS", behind a line that begins with "#" for each photo.
// Of each photo: NAME.ppm, a sheet of all styles; with --each also NAME_style.ppm in full size.
#include "ai/local/portrait/styles.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "ai/local/faces.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/speech.hpp"

namespace {

using namespace persona;
using namespace persona::ai;

media::Picture read(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error(file + " cannot be read");
    std::array<int, 3> numbers{};
    std::string word;
    in >> word;
    for (int& number : numbers)
        while (!(in >> number)) {
            in.clear();
            std::getline(in, word);  // a comment
        }
    in.get();
    media::Picture picture{numbers[0], numbers[1], Bytes(static_cast<std::size_t>(numbers[0]) * static_cast<std::size_t>(numbers[1]) * 3)};
    in.read(reinterpret_cast<char*>(picture.rgb.data()), static_cast<std::streamsize>(picture.rgb.size()));
    return picture;
}

void write(const std::string& file, const media::Picture& picture) {
    std::ofstream out(file, std::ios::binary);
    out << "P6\n" << picture.width << ' ' << picture.height << "\n255\n";
    out.write(reinterpret_cast<const char*>(picture.rgb.data()), static_cast<std::streamsize>(picture.rgb.size()));
}

double cpu_ms() {
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

void measure(std::string_view name, auto work) {
    const auto start = std::chrono::steady_clock::now();
    const double cpu = cpu_ms();
    work();
    fmt::print("{} {:.0f} {:.0f}\n", name, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count(),
               cpu_ms() - cpu);
}

cv::Mat over(media::Picture& picture) { return {picture.height, picture.width, CV_8UC3, picture.rgb.data()}; }

struct Sheet {
    static constexpr int across = 6, down = 2, width = 384, height = 512;
    media::Picture all{across * width, down* height, Bytes(static_cast<std::size_t>(across) * width * down * height * 3)};
    int next = 0;

    void add(media::Picture picture) {
        cv::Mat small, from = over(picture);
        const double scale = std::min(static_cast<double>(width) / from.cols, static_cast<double>(height) / from.rows);
        cv::resize(from, small, {}, scale, scale, cv::INTER_AREA);
        const int x = next % across * width + (width - small.cols) / 2, y = next / across * height + (height - small.rows) / 2;
        small.copyTo(over(all)(cv::Rect({x, y}, small.size())));
        ++next;
    }
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 1;
    cv::setNumThreads(1);
    const ModelPaths models{argv[1]};
    load_onnx_runtime(models.onnx_runtime());
    const FaceFinder finder(models.folder);
    const portraits::Segmentation segmentation(models.folder);
    const std::string folder = argv[2];
    bool each = false;
    Aspect aspect = Aspect::portrait;
    std::uint64_t seed = 1;
    for (int i = 3; i < argc; ++i) {
        const std::string file = argv[i];
        if (file == "--each") each = true;
        if (file.starts_with("--aspect=")) aspect = aspect_of(file.substr(9)).value();
        if (file.starts_with("--seed=")) seed = std::stoull(file.substr(7));
        if (file.starts_with("--")) continue;
        const std::string name = std::filesystem::path(file).stem();
        const media::Picture photo = read(file);
        std::vector<Face> faces;
        fmt::print("# {} {}x{}\n", name, photo.width, photo.height);
        measure("faces", [&] { faces = finder.find(photo); });
        fmt::print("# {} found", faces.size());
        for (const Face& f : faces) fmt::print(" [{:.0f} {:.0f} {:.0f} {:.0f} {:.2f}]", f.left, f.top, f.width, f.height, f.score);
        fmt::print("\n");
        if (faces.empty()) continue;
        std::optional<portraits::Cutout> cutout;
        measure("cutout", [&] { cutout = portraits::cut(photo, faces.front(), segmentation); });
        fmt::print("# {}\n", cutout ? std::to_string(cutout->bytes().size()) + " bytes" : "no cutout");
        if (!cutout) continue;
        Sheet sheet;
        sheet.add(photo);
        for (const Style style : all_styles) {
            media::Picture picture;
            measure(ai::name(style), [&] { picture = portraits::rendered(*cutout, style, aspect, seed); });
            if (each) write(fmt::format("{}/{}_{}.ppm", folder, name, ai::name(style)), picture);
            sheet.add(std::move(picture));
        }
        write(fmt::format("{}/{}.ppm", folder, name), sheet.all);
    }
    return 0;
}

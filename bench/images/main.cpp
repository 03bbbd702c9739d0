// bench_images make PHOTO FILE | pixels PHOTO FILE.ppm | read FILE TIMES | intake FILE TIMES MODELS | run TIMES COMMAND...: a line for each
// picture or run, "NAME WALL_MS CPU_MS PEAK_MIB". CPU is that of the children too; the peak is the greater one of this process and its children.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <opencv2/imgproc.hpp>
#include <stdexcept>

#include "ai/local/faces.hpp"
#include "ai/local/onnx.hpp"
#include "ai/local/speech.hpp"
#include "media/jpeg.hpp"
#include "media/picture_reader.hpp"
#include "media/pixels.hpp"

namespace {

using namespace persona;

std::string content(const char* path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::filesystem::path child_program() { return std::filesystem::read_symlink("/proc/self/exe").parent_path().parent_path() / "persona-picture"; }

media::Picture read(const media::PictureReader& reader, const std::filesystem::path& file) {
    auto got = reader.read(file, {.most_side = 1024}, {});
    if (!got) throw std::runtime_error(fmt::format("{}: {}", media::name(got.error().error), got.error().detail));
    return std::move(got->picture);
}

// A telephone's photo from a smaller one: enlarged to 4000 x 3000, with the grain of a sensor, which a JPEG has to carry.
void make(const char* photo, const char* file) {
    media::Picture picture = read(media::PictureReader(child_program()), photo);
    const cv::Mat small(picture.height, picture.width, CV_8UC3, picture.rgb.data());
    const int high = std::min(small.rows, small.cols * 3 / 4), wide = high * 4 / 3;
    media::Picture large{4000, 3000, Bytes(36'000'000)};
    cv::Mat big(3000, 4000, CV_8UC3, large.rgb.data()), grain(3000, 4000, CV_16SC3);
    cv::resize(small(cv::Rect((small.cols - wide) / 2, 0, wide, high)), big, big.size(), 0, 0, cv::INTER_CUBIC);
    cv::theRNG().state = 1;
    cv::randn(grain, 0, 5);
    cv::add(big, grain, big, cv::noArray(), CV_8U);
    std::ofstream(file, std::ios::binary) << media::jpeg_of(large, 90);
}

// What the benches of styles and steps read: 1024 pixels, as a photo of an avatar has them.
void pixels(const char* photo, const char* file) {
    const media::Picture picture = read(media::PictureReader(child_program()), photo);
    std::ofstream out(file, std::ios::binary);
    out << "P6\n" << picture.width << ' ' << picture.height << "\n255\n";
    out.write(reinterpret_cast<const char*>(picture.rgb.data()), static_cast<std::streamsize>(picture.rgb.size()));
}

double milliseconds(const timeval& time) { return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3; }

struct Use {
    double cpu_ms = 0, peak_mib = 0;
};
Use used(int who) {
    rusage usage{};
    getrusage(who, &usage);
    return {milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), static_cast<double>(usage.ru_maxrss) / 1024};
}

void measure(std::string_view name, int times, const std::function<void()>& once) {
    for (int i = 0; i < times; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        const double before = used(RUSAGE_SELF).cpu_ms + used(RUSAGE_CHILDREN).cpu_ms;
        once();
        const Use own = used(RUSAGE_SELF), children = used(RUSAGE_CHILDREN);
        fmt::print("{} {:.1f} {:.1f} {:.0f}\n", name, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count(),
                   own.cpu_ms + children.cpu_ms - before, std::max(own.peak_mib, children.peak_mib));
    }
}

// What a photo of a person costs from its file to what is stored.
void take_in(const media::PictureReader& reader, const ai::FaceFinder& finder, const char* file) {
    const media::Picture picture = read(reader, file);
    const auto faces = finder.find(picture);
    if (ai::judge_faces(faces, picture.width, picture.height) != ai::FaceFault::none) throw std::runtime_error("an avatar would not take this photo");
    const ai::Face& face = faces.front();
    const media::Region region{face.left / picture.width, face.top / picture.height, face.width / picture.width, face.height / picture.height};
    volatile double kept = static_cast<double>(media::likeness_of(picture)) + media::clarity_of(picture, region).sharpness;
    kept = kept + static_cast<double>(media::jpeg_of(media::resized(picture, 512), 82).size() + media::jpeg_of(picture, 90).size());
    kept = kept + static_cast<double>(sha256(as_bytes(content(file))).size());
}

void run(char** command) {
    pid_t pid = -1;
    if (posix_spawnp(&pid, command[0], nullptr, nullptr, command, environ) != 0) throw std::runtime_error("cannot be started");
    int status = 0;
    if (waitpid(pid, &status, 0) != pid || status != 0) throw std::runtime_error("failed");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::string_view verb = argv[1];
    cv::setNumThreads(1);
    if (verb == "make") return make(argv[2], argv[3]), 0;
    if (verb == "pixels") return pixels(argv[2], argv[3]), 0;
    if (verb == "run") return measure("run", std::atoi(argv[2]), [&] { run(argv + 3); }), 0;
    const media::PictureReader reader(child_program());
    if (verb == "read") return measure("ours", std::atoi(argv[3]), [&] { (void)read(reader, argv[2]); }), 0;
    if (verb != "intake" || argc < 5) return 2;
    const ai::ModelPaths models{argv[4]};
    ai::load_onnx_runtime(models.onnx_runtime());
    const ai::FaceFinder finder(models.folder);  // once for the process, as in the worker
    return measure("intake", std::atoi(argv[3]), [&] { take_in(reader, finder, argv[2]); }), 0;
}

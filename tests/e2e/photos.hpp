// Photos for whole processes, made from the one of tests/data by the ffmpeg program: many good ones of one face, and bad ones.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::e2e {

using Files = std::vector<std::filesystem::path>;

class Photos {
public:
    static constexpr int good_ones = 22;

    Photos() {
        std::string outputs;
        for (int i = 0; i < good_ones; ++i) outputs += " " + cut(i) + " -q:v 3 " + quoted(good(i));
        run("-i " + quoted(source()) + outputs);
    }

    // Each is of its own cut, size and light, 600 to 950 pixels; every second one is a mirror image.
    std::filesystem::path good(int i) const { return folder_.path() / ("good" + std::to_string(i) + ".jpg"); }
    Files good(int first, int count) const {
        Files out;
        for (int i = first; i < first + count; ++i) out.push_back(good(i));
        return out;
    }
    // The face in another format or size: made("a.png", "scale=511:900").
    std::filesystem::path made(const std::string& name, const std::string& filter = "null") const {
        const auto out = folder_.path() / name;
        if (!std::filesystem::exists(out)) run("-i " + quoted(source()) + " -vf " + quoted(filter) + " -frames:v 1 " + quoted(out));
        return out;
    }
    std::filesystem::path file(const std::string& name, const std::string& content) const { return folder_.file(name, content); }
    // A good one followed by so many zeros that the file has this size; decoders stop before them.
    std::filesystem::path padded(const std::string& name, std::uintmax_t bytes) const {
        const auto out = folder_.path() / name;
        std::filesystem::copy_file(good(0), out, std::filesystem::copy_options::overwrite_existing);
        std::filesystem::resize_file(out, bytes);
        return out;
    }

private:
    static std::filesystem::path source() { return places::data() / "photos/astronaut.jpg"; }
    static std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }
    static std::string cut(int i) {
        const std::string side = std::to_string(470 - 6 * i), size = std::to_string(600 + 16 * i);
        return "-vf crop=" + side + ":" + side + ":" + std::to_string(20 + 2 * (i % 5)) + ":" + std::to_string(2 * (i % 7)) + ",scale=" + size + ":" +
               size + (i % 2 ? ",hflip" : "") + ",eq=brightness=" + std::to_string(0.02 * (i % 5 - 2));
    }
    static void run(const std::string& arguments) {
        const std::string command = "ffmpeg -nostdin -v error -y " + arguments;
        if (std::system(command.c_str()) != 0) throw std::runtime_error("ffmpeg (package ffmpeg) failed: " + command);
    }

    TemporaryFolder folder_;
};

}  // namespace persona::e2e

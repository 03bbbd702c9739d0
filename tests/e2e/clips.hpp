// Recordings for whole processes, made from the real voices of tests/data by the ffmpeg program: every format that people send.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "support/places.hpp"
#include "support/temporary_folder.hpp"

namespace persona::e2e {

// "Eight of spades, four of clubs, seven of hearts.", 3.5 s of Opus.
inline std::filesystem::path cards() { return places::data() / "speech/english_cards.ogg"; }

class Clips {
public:
    // The voice in another format, by the name's end: "clip.mp3".
    std::filesystem::path as(const std::string& name) const { return made("-i " + quoted(cards()), name); }
    // The voice so many times with 3 s between: at least as many pieces for the engine.
    std::filesystem::path repeated(int times, const std::string& ending = ".opus") const {
        const auto one = made("-i " + quoted(cards()) + " -af apad=pad_dur=3 -ar 16000", "one.wav");
        return made("-stream_loop " + std::to_string(times - 1) + " -i " + quoted(one), "long" + std::to_string(times) + ending);
    }
    std::filesystem::path file(const std::string& name, const std::string& content) const { return folder_.file(name, content); }

private:
    static std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }
    std::filesystem::path made(const std::string& arguments, const std::string& name) const {
        const auto out = folder_.path() / name;
        const std::string command = "ffmpeg -nostdin -v error -y " + arguments + " " + quoted(out);
        if (std::system(command.c_str()) != 0) throw std::runtime_error("ffmpeg (package ffmpeg) failed: " + command);
        return out;
    }

    TemporaryFolder folder_;
};

}  // namespace persona::e2e

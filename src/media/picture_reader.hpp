// A JPEG or PNG of a stranger to pixels. libvips reads the hostile bytes in a child process (persona-picture) that holds one open file
// and may call neither open nor socket; memory stays bounded whatever the file announces. Synchronous: call it from a CPU pool. The
// calling thread must live until the call returns, as the child dies with it.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "media/content_type.hpp"
#include "media/picture.hpp"

namespace persona::media {

enum class PictureError : std::uint8_t {
    not_supported,    // by its content neither JPEG nor PNG
    too_many_pixels,  // its header announces more than most_pixels; nothing was decoded
    broken,           // breaks off, or a known format that does not decode
    child_killed,     // the child ended without a word: a signal, or a bound on memory or CPU time
    timed_out,
    cancelled,
};
std::string_view name(PictureError error);

struct PictureFailure {
    PictureError error;
    ContentType type = ContentType::unknown;
    std::string detail = {};  // for the operator's log only
};

struct PictureInfo {
    ContentType type = ContentType::unknown;
    int width = 0, height = 0;  // of the whole picture in the file, upright
};

struct PictureWish {
    int most_side = 1024;  // the longer side of what comes back; never enlarged
    Region region = {};    // of the upright picture; clipped to it
};

struct PictureLimits {
    std::int64_t most_pixels = 120'000'000;  // in the file
    Millis wall = 30s;                       // for the whole call
    std::uint64_t memory_bytes = 768 << 20;  // address space of the child; not enforced in builds with a sanitizer
    std::uint32_t cpu_seconds = 20;
    std::stop_token cancel;  // ends the child at once
};

struct ReadPicture {
    PictureInfo info;
    Picture picture;  // orientation applied, colours converted, transparency over white
};

class PictureReader {
public:
    // program: persona-picture. Throws BadConfig where it cannot be executed.
    explicit PictureReader(std::filesystem::path program);
    // Beside the running executable, else in ../libexec/persona of it.
    static std::filesystem::path installed_program();

    // Throws Unavailable where the file or a process cannot be had.
    std::expected<ReadPicture, PictureFailure> read(const std::filesystem::path& file, const PictureWish& wish, const PictureLimits& limits) const;
    // The same of bytes in memory.
    std::expected<ReadPicture, PictureFailure> read_bytes(std::string_view bytes, const PictureWish& wish, const PictureLimits& limits) const;

private:
    std::filesystem::path program_;
};

}  // namespace persona::media

#include "media/picture_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/error.hpp"
#include "media/confined_child.hpp"
#include "media/picture_listener.hpp"

namespace persona::media {
namespace {

using picture_wire::Verdict;

constexpr std::string_view names[] = {"not_supported", "too_many_pixels", "broken", "child_killed", "timed_out", "cancelled"};

FileDescriptor open_file(const std::filesystem::path& path) {
    FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (file.get() < 0) throw Unavailable(fmt::format("picture: cannot open the file: {}", std::strerror(errno)));
    return file;
}

FileDescriptor file_of(std::string_view bytes) {
    FileDescriptor file(memfd_create("picture", MFD_CLOEXEC));
    if (file.get() < 0) throw Unavailable(fmt::format("picture: no file in memory: {}", std::strerror(errno)));
    while (!bytes.empty()) {
        const ssize_t wrote = write(file.get(), bytes.data(), bytes.size());
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) throw Unavailable(fmt::format("picture: a file in memory cannot be filled: {}", std::strerror(errno)));
        bytes.remove_prefix(static_cast<std::size_t>(wrote));
    }
    lseek(file.get(), 0, SEEK_SET);
    return file;
}

std::vector<std::string> arguments_of(ContentType type, const PictureWish& wish, const PictureLimits& limits) {
    const Region& region = wish.region;
    return {std::string(traits(type).name),   std::to_string(limits.most_pixels),  std::to_string(wish.most_side),
            fmt::format("{}", region.left),   fmt::format("{}", region.top),       fmt::format("{}", region.width),
            fmt::format("{}", region.height), std::to_string(limits.memory_bytes), std::to_string(limits.cpu_seconds),
            std::to_string(getpid())};
}

PictureError silent_end(ConfinedChild::Finish finish) {
    using enum ConfinedChild::Finish;
    if (finish == timed_out) return PictureError::timed_out;
    if (finish == cancelled) return PictureError::cancelled;
    return finish == refused ? PictureError::broken : PictureError::child_killed;
}

std::expected<ReadPicture, PictureFailure> read_open(const std::filesystem::path& program, int file, const PictureWish& wish,
                                                     const PictureLimits& limits) {
    const auto deadline = std::chrono::steady_clock::now() + limits.wall;
    const ContentType type = content_type_of(file);
    if (type != ContentType::jpeg && type != ContentType::png)
        return std::unexpected(PictureFailure{PictureError::not_supported, type, fmt::format("content is {}", traits(type).name)});
    ConfinedChild child(program, arguments_of(type, wish, limits), file);
    PictureListener heard({limits.most_pixels, wish.most_side});
    const auto finish = child.pump(deadline, limits.cancel, [&](ByteView bytes) { return heard.take(bytes); });
    std::string detail = child.bury();
    const auto fails = [&](PictureError error) { return std::unexpected(PictureFailure{error, type, std::move(detail)}); };
    if (!heard.verdict() || finish != ConfinedChild::Finish::closed) return fails(silent_end(finish));
    if (heard.verdict() != Verdict::complete)
        return fails(heard.verdict() == Verdict::too_many_pixels ? PictureError::too_many_pixels : PictureError::broken);
    return ReadPicture{{type, heard.info().file_width, heard.info().file_height}, heard.take_picture()};
}

}  // namespace

std::string_view name(PictureError error) { return names[static_cast<std::size_t>(error)]; }

PictureReader::PictureReader(std::filesystem::path program) : program_(std::move(program)) {
    if (access(program_.c_str(), X_OK) != 0)
        throw BadConfig(fmt::format("picture: {} cannot be executed: {}", program_.string(), std::strerror(errno)));
}

std::filesystem::path PictureReader::installed_program() { return installed_child("persona-picture"); }

std::expected<ReadPicture, PictureFailure> PictureReader::read(const std::filesystem::path& path, const PictureWish& wish,
                                                               const PictureLimits& limits) const {
    const FileDescriptor file = open_file(path);
    return read_open(program_, file.get(), wish, limits);
}

std::expected<ReadPicture, PictureFailure> PictureReader::read_bytes(std::string_view bytes, const PictureWish& wish,
                                                                     const PictureLimits& limits) const {
    const FileDescriptor file = file_of(bytes);
    return read_open(program_, file.get(), wish, limits);
}

}  // namespace persona::media

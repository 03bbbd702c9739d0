#include "media/decoder/output.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace persona::media {
namespace {

void write_all(const void* data, std::size_t size) {
    const char* at = static_cast<const char*>(data);
    while (size > 0) {
        const ssize_t wrote = write(STDOUT_FILENO, at, size);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) _exit(1);
        at += wrote;
        size -= static_cast<std::size_t>(wrote);
    }
}

void message(wire::Kind kind, const void* body, std::size_t size) {
    const wire::Header header{kind, static_cast<std::uint32_t>(size)};
    write_all(&header, sizeof header);
    write_all(body, size);
}

}  // namespace

void send(const wire::Info& info) { message(wire::Kind::info, &info, sizeof info); }
void send(const wire::End& end) { message(wire::Kind::end, &end, sizeof end); }

void send(std::span<const std::int16_t> samples) {
    constexpr std::size_t most = wire::max_body / sizeof(std::int16_t);
    for (; !samples.empty(); samples = samples.subspan(std::min(most, samples.size()))) {
        const auto block = samples.first(std::min(most, samples.size()));
        message(wire::Kind::samples, block.data(), block.size_bytes());
    }
}

}  // namespace persona::media
